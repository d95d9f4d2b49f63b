import { isConstant, joinColumns } from '../matrices'
import { fit, type Network, type Topology, type TrainingOptions } from '../networks'
import type { Scores } from './scores'
import type { Critic } from './strategy'

/** A network that judges the learner's action in a state, from both: its inputs are [s; â] (section 3.1, Loss Network). */
export interface NetworkSpec<Said extends Scores = Scores> {
  readonly name: string
  topology(observationSize: number, actionSize: number): Topology
  readonly loss: TrainingOptions['loss']
  /** What it learns to say: [rows, its outputs], from the expert's actions and the learner's, [rows, actionSize] each. */
  targets(expert: Float32Array, learner: Float32Array, actionSize: number): Float32Array
  /** Its scores of rows of [s; â]. */
  scores(network: Network, inputs: Float32Array, rows: number): Said
}

/** The critic that is one such network. */
export const networkCritic = <Said extends Scores>(spec: NetworkSpec<Said>): NetworkSpec<Said> & Critic => ({
  ...spec,
  async begin({ observationSize, actionSize }, create) {
    const network = await create(spec.topology(observationSize, actionSize))
    return {
      networks: [network],
      async learn({ labelled }, { fit: options, random, signal }) {
        const { rows, observations, actions, proposals, validation } = labelled
        const inputs = joinColumns(observations, proposals, rows)
        const targets = spec.targets(actions, proposals, actionSize)
        await fit(network, { rows, inputs, targets, validation }, { ...options, loss: spec.loss }, random(), signal)
        return isConstant(network.predict(inputs, rows), network.outputs) ? [spec.name] : []
      },
      scores: (states, proposals, rows) => spec.scores(network, joinColumns(states, proposals, rows), rows)
    }
  }
})

/**
 * ThriftyDAgger (Hoque and others, 2021, arXiv 2109.08273): queries in a given fraction of states, those of high ensemble variance (the
 * original's novelty) or high failure probability. The expert keeps control until the learner errs less than it used to and is likely to
 * succeed. The gradient variant, by the gradient of the failure logit, is ours.
 */
import { createCritic, fitCritic } from '../../check'
import type { Environment } from '../../environments'
import { fit, perceptron } from '../../networks'
import { distances, joinColumns, norms } from '../../util/matrix'
import { mean, quantile } from '../../util/statistics'
import { topFraction } from '../rules'
import { column, memoizeColumns } from '../scores'
import {
  type Critic,
  type CriticSpec,
  expertWhenQueried,
  type QueryStrategy,
  type Release,
  type VisitedStates
} from '../strategy'
import { ensembleCritic, members } from './ensembledagger'

/** The original's target rate. */
const targetRate = 0.01

/** Steps for which an episode must go on for a state to count as a success, where success is to stay up. */
const patience = 50

export function thriftyDAgger(rate = targetRate): Record<'thriftydagger' | 'thriftydagger-gradient', QueryStrategy> {
  const shared = {
    critic: combineCritics(ensembleCritic(members), riskCritic),
    control: expertWhenQueried,
    release: releaseWhenNearAndPromising
  }
  const scores = ['ensembleVariance', 'failureLogit'] as const
  return {
    thriftydagger: { title: 'ThriftyDAgger', rule: topFraction(rate, ...scores), ...shared },
    'thriftydagger-gradient': {
      title: 'Thrifty Gradient',
      rule: topFraction(rate, ...scores, 'failureGradient'),
      ...shared
    }
  }
}

const releaseWhenNearAndPromising: Release = ({ states, learnerActions, expertActions, rows, critic }) => {
  const scores = critic.score(states, learnerActions, rows)
  const [usual, promising] = [column(scores, 'meanSquaredDistance'), column(scores, 'aboveMedianSuccess')]
  return Uint8Array.from(distances(learnerActions, expertActions, rows), (distance, row) =>
    Number(distance * distance < usual[row] && promising[row] === 1)
  )
}

/**
 * Declares Q_risk of ThriftyDAgger (Hoque and others, 2021), which predicts the probability of success after a state and an action.
 * Scores: `failureLogit`, and `failureGradient`, the norm of its gradient with respect to [s; â]; for the release, `aboveMedianSuccess`, 1
 * where success is as probable as in the median visited state, and `meanSquaredDistance`, of the first policy's actions from the expert's.
 *
 * Success is our choice: see `succeeds`. Q is trained on how episodes went on, not bootstrapped from itself, and is of whoever acted in them:
 * a state that the expert got the learner out of counts as a success. The original's discount of 0.9999 is left out.
 */
export const riskCritic: CriticSpec = {
  name: 'Q_risk',
  async create(environment, createNetwork) {
    const { observationSize: m, actionSize: n } = environment
    const network = await createNetwork(perceptron(m + n, [64, 64], 1, { dropout: 0.2 }), 'prospects')
    const state = { medianLogit: 0, meanSquaredDistance: undefined as number | undefined }
    /** 1 for the episodes held out: whole ones, since neighbouring states are alike, and for good, since training goes on. */
    const heldOut: number[] = []
    return {
      networks: [network],
      states: [state],
      async fit({ labelled, visited }, { fit: options, random, signal }) {
        const inputs = joinColumns(visited.observations, visited.actions, visited.rows)
        const rng = random('held out')
        while (heldOut.length < visited.lengths.length) heldOut.push(Number(heldOut.length > 0 && rng() < 0.2))
        const validation = Uint8Array.from(
          visited.lengths.flatMap((length, e) => new Array<number>(length).fill(heldOut[e]))
        )
        const examples = { rows: visited.rows, inputs, targets: successes(environment, visited), validation }
        await fit(network, examples, { ...options, loss: 'logistic' }, random('prospects'), signal)
        state.medianLogit = quantile(Float64Array.from(network.predict(inputs, visited.rows)).sort(), 1 / 2)
        state.meanSquaredDistance ??= mean(
          distances(labelled.expertActions, labelled.learnerActions, labelled.rows).map((d) => d * d)
        )
        return [] // where all succeeds, or nothing, one output for all is right
      },
      score(states, actions, rows) {
        const inputs = joinColumns(states, actions, rows)
        const logits = network.predict(inputs, rows)
        return memoizeColumns({
          failureLogit: () => logits.map((logit) => -logit),
          failureGradient: () => norms(network.inputGradients(inputs, new Float32Array(rows).fill(1), rows), rows),
          aboveMedianSuccess: () => logits.map((logit) => Number(logit >= state.medianLogit)),
          meanSquaredDistance: () => new Float32Array(rows).fill(state.meanSquaredDistance ?? 0)
        })
      }
    }
  }
}

/** Marks the states after which all went well: the episode succeeded or, where that is to stay up, went on long enough. [rows] */
export function successes(
  { horizon, observationSize: m, succeeds }: Environment,
  visited: VisitedStates
): Float32Array {
  const marks = new Float32Array(visited.rows)
  let from = 0
  for (const length of visited.lengths) {
    const end = from + length
    const whole = succeeds ? succeeds(visited.observations.subarray((end - 1) * m, end * m)) : length === horizon
    for (let row = from; row < end; row++) marks[row] = Number(whole || (!succeeds && end - row > patience))
    from = end
  }
  return marks
}

/** Makes one critic of two, with the scores of both; where both give a score of one name, the second counts. */
export const combineCritics = (a: CriticSpec, b: CriticSpec): CriticSpec => ({
  name: `${a.name} and ${b.name}`,
  async create(environment, createNetwork) {
    let nameless: string | undefined // the name of the second's, once the first has a network without one
    const first = await createCritic(a, environment, (topology, name) => {
      if (name === undefined) nameless = b.name
      return createNetwork(topology, name)
    })
    const second = await createCritic(b, environment, (topology, name = nameless) => createNetwork(topology, name))
    const both: Critic = {
      get networks() {
        return [...first.networks, ...second.networks]
      },
      states: [...(first.states ?? []), ...(second.states ?? [])],
      fit: async (...given) => [...(await fitCritic(a, first, ...given)), ...(await fitCritic(b, second, ...given))],
      score: (...batch) => ({ ...first.score(...batch), ...second.score(...batch) })
    }
    return both
  }
})

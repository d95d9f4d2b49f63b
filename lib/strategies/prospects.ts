import type { Environment } from '../environments'
import { distances, joinColumns, norms } from '../matrices'
import { fit, perceptron } from '../networks'
import { mean, quantile } from '../statistics'
import { lazily } from './scores'
import type { Critic, Met } from './strategy'

/** Steps for which whoever may fall must stay up for a state to have gone well. */
const patience = 50

/**
 * The prospects of what the learner proposes: how probable success is after a state and an action, ThriftyDAgger's Q function
 * (Hoque and others, 2021). Scores: `danger`, the logit of failure; `steepness`, the norm of its gradient by [s; â]; and for
 * handing back, `promising`, 1 where success is as probable as in the median of all that was done, and `usual`, the mean squared
 * distance of the first policy's actions from the expert's.
 *
 * Success is our choice: see `succeeds`. Q is learned from how episodes went on, not by bootstrapping from itself: it is of whoever
 * acted in them, so a state that the expert got the learner out of counts as a success. A discount of 0.9999 is left out.
 */
export const prospects: Critic = {
  name: 'prospects',
  async begin(task, create) {
    const { observationSize: m, actionSize: n } = task
    const network = await create(perceptron(m + n, [64, 64], 1, { dropout: 0.2 }), 'prospects')
    let median = 0
    let usual: number | undefined
    /** 1 for the episodes held out: whole ones, since neighbouring states are alike, and for good, since training goes on. */
    const held: number[] = []
    return {
      networks: [network],
      async learn({ labelled, met }, { fit: options, random, signal }) {
        const inputs = joinColumns(met.observations, met.actions, met.rows)
        const draw = random('held out')
        while (held.length < met.lengths.length) held.push(Number(held.length > 0 && draw() < 0.2))
        const examples = {
          rows: met.rows,
          inputs,
          targets: successes(task, met),
          validation: Uint8Array.from(met.lengths.flatMap((length, e) => new Array<number>(length).fill(held[e])))
        }
        await fit(network, examples, { ...options, loss: 'logistic' }, random('prospects'), signal)
        median = quantile(Float64Array.from(network.predict(inputs, met.rows)).sort(), 1 / 2)
        usual ??= mean(distances(labelled.actions, labelled.proposals, labelled.rows).map((d) => d * d))
        return [] // where all succeeds, or nothing, to say the same of everything is right
      },
      keep() {
        const kept = [median, usual] as const
        return () => {
          ;[median, usual] = kept
        }
      },
      scores(states, proposals, rows) {
        const inputs = joinColumns(states, proposals, rows)
        const logits = network.predict(inputs, rows)
        return lazily({
          danger: () => logits.map((logit) => -logit),
          promising: () => logits.map((logit) => Number(logit >= median)),
          usual: () => new Float32Array(rows).fill(usual ?? 0),
          steepness: () => norms(network.inputGradients(inputs, new Float32Array(rows).fill(1), rows), rows)
        })
      }
    }
  }
}

/** 1 for the states after which all went well: the episode succeeded, or, where that is to stay up, did so for long enough. */
export function successes({ horizon, observationSize: m, succeeds }: Environment, met: Met): Float32Array {
  const good = new Float32Array(met.rows)
  let from = 0
  for (const length of met.lengths) {
    const end = from + length
    const whole = succeeds ? succeeds(met.observations.subarray((end - 1) * m, end * m)) : length === horizon
    for (let row = from; row < end; row++) good[row] = Number(whole || (!succeeds && end - row > patience))
    from = end
  }
  return good
}

/**
 * DropoutDAgger (Menda and others, 2017, arXiv 1709.06166): executes the learner's action where enough samples of the policy under dropout
 * are near the expert's. It needs the expert's action to decide that, so it queries in every state.
 */

import { distances } from '../../util/matrix'
import type { Hyperparameters } from '../hyperparameters'
import { always } from '../rules'
import type { Control, CriticSpec, QueryStrategy } from '../strategy'
import { type DropoutSamples, dropoutSamples } from './dropout'

/** As a port of the original has them: samples of the policy, and the fraction of them that must be near the expert. */
const [samples, fraction] = [10, 0.9] as const

export const dropoutDAgger = ({ loss: { tau } }: Hyperparameters): Record<'dropoutdagger', QueryStrategy> => ({
  dropoutdagger: {
    title: 'DropoutDAgger',
    rule: always,
    critic: dropoutPolicies(samples),
    control: expertUnlessSamplesAgree(tau, fraction)
  }
})

/** Samples policies by dropout, once an iteration where the original samples anew in every state. They give no scores. */
export const dropoutPolicies = (count: number): CriticSpec => ({
  name: 'policy under dropout',
  async create() {
    let samples: DropoutSamples | undefined
    return {
      get networks() {
        return samples?.networks ?? []
      },
      async fit({ policy }, { random }) {
        samples ??= await dropoutSamples(policy, count)
        samples.draw(random('draws'))
        return []
      },
      score: () => ({})
    }
  }
})

/** Gives the expert control where fewer than a fraction of the samples propose an action within tau of the expert's. */
const expertUnlessSamplesAgree =
  (tau: number, fraction: number): Control =>
  ({ states, expertActions, rows, critic: { networks } }) => {
    const apart = networks.map((network) => distances(network.predict(states, rows), expertActions, rows))
    return Uint8Array.from({ length: rows }, (_, row) => {
      const near = apart.filter((distance) => distance[row] <= tau).length
      return Number(near < fraction * networks.length)
    })
  }

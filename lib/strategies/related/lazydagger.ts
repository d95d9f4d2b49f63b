/**
 * LazyDAgger (Hoque and others, 2021, arXiv 2104.00053): queries as SafeDAgger does, but the expert keeps control until the learner is much
 * nearer to it than at the hand-over. Every state under the expert's control is a query. The gradient variant is ours.
 */
import { distances } from '../../util/matrix'
import { safetyNetwork } from '../critics'
import type { Hyperparameters, Readings } from '../hyperparameters'
import { above, anyOf, orTopFraction } from '../rules'
import { expertWhenQueried, type QueryStrategy, type Release } from '../strategy'

/** The squared distance at which the expert releases control, as a fraction of the one at which it takes over. */
const hysteresis = 0.25

export function lazyDAgger(
  { safety: { tau, epsilon } }: Hyperparameters,
  readings: Readings,
  rate?: number
): Record<'lazydagger' | 'lazydagger-gradient', QueryStrategy> {
  const unsafe = above('risk', 1 / 2, 'riskLogit')
  const unsafeOrSteep = anyOf(unsafe, above('riskGradient', epsilon))
  const shared = {
    critic: safetyNetwork(tau, readings.safety),
    control: expertWhenQueried,
    release: releaseWhenNear(tau)
  }
  return {
    lazydagger: { title: 'LazyDAgger', rule: orTopFraction(rate, unsafe), ...shared },
    'lazydagger-gradient': { title: 'Lazy Gradient', rule: orTopFraction(rate, unsafeOrSteep), ...shared }
  }
}

const releaseWhenNear =
  (tau: number): Release =>
  ({ learnerActions, expertActions, rows }) =>
    Uint8Array.from(distances(learnerActions, expertActions, rows), (distance) =>
      Number(distance * distance < tau * tau * hysteresis)
    )

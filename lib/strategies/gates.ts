/** What is decided by the expert's answer: who acts where it was asked, and where it hands back. */
import { distances } from '../matrices'
import type { Gate } from './strategy'

/** Where fewer than a share of the judge's networks propose an action within tau of the expert's. */
export const unlessAgreed =
  (tau: number, share: number): Gate =>
  ({ states, answers, rows, judge: { networks } }) => {
    const apart = networks.map((network) => distances(network.predict(states, rows), answers, rows))
    return Uint8Array.from({ length: rows }, (_, row) => {
      const near = apart.filter((distance) => distance[row] <= tau).length
      return Number(near < share * networks.length)
    })
  }

/** LazyDAgger hands back at a quarter of the squared distance at which it takes over (Hoque and others, 2021). */
export const near =
  (tau: number): Gate =>
  ({ proposals, answers, rows }) =>
    Uint8Array.from(distances(proposals, answers, rows), (distance) => Number(distance * distance < tau * tau * 0.25))

/** ThriftyDAgger's hands back where the learner errs less than it used to and is likely to succeed. */
export const nearAndPromising: Gate = ({ states, proposals, answers, rows, judge }) => {
  const { usual, promising } = judge.scores(states, proposals, rows)
  return Uint8Array.from(distances(proposals, answers, rows), (distance, row) =>
    Number(distance * distance < usual[row] && promising[row] === 1)
  )
}

/**
 * EnsembleDAgger's full rule, the expert acting: unless the learner is near it and the members agree (Menda and others, 2019). The
 * variance allowed is tau's square, which is our choice: one distance sets both.
 */
export const unlessNearAndSure =
  (tau: number): Gate =>
  ({ states, proposals, answers, rows, judge }) => {
    const { doubt } = judge.scores(states, proposals, rows)
    return Uint8Array.from(distances(proposals, answers, rows), (distance, row) =>
      Number(!(distance <= tau && doubt[row] <= tau * tau))
    )
  }

/**
 * The algorithms that the paper cites, and their successors, in the vocabulary of its own. They differ in when they ask and in
 * who acts: the learner is the paper's network throughout.
 *
 * Where the originals took their thresholds for tasks of their own, these take the paper's for the task (Table 1). Those of
 * distances fit, being in units of the task's actions, and so does a distance's square for a variance; those of gradients are of
 * other scores' gradients, and a rate is the better choice there.
 *
 * What each costs: DropoutDAgger and the full EnsembleDAgger need the expert's action to decide who acts, so they ask, and pay, in
 * every state. LazyDAgger and ThriftyDAgger pay in every state in which the expert is in control, asked or not. The others pay
 * where they ask. Setting thresholds to a rate costs no queries, but twenty episodes of the learner's before every iteration
 * but the first.
 */
import { both } from './both'
import { safetyNetwork } from './critics'
import { bayesianLossNetwork, policyDraws } from './dropout'
import { ensemble } from './ensemble'
import { near, nearAndPromising, unlessAgreed, unlessNearAndSure } from './gates'
import { type Hyperparameters, readings as ours, type Readings } from './hyperparameters'
import { labelledStates } from './novelty'
import { prospects } from './prospects'
import { above, always, anyOf, atRate, highest } from './rules'
import type { QueryStrategy } from './strategy'

/**
 * DropoutDAgger's draws, and the share of them that must be near the expert (Menda and others, 2017, arXiv 1709.06166), as a port
 * has them.
 */
const dropout = { draws: 10, share: 0.9 } as const

/** Of ThriftyDAgger (Hoque and others, 2021, arXiv 2109.08273), and usual for EnsembleDAgger (Menda and others, 2019, 1807.08364). */
const members = 5

/**
 * BAgger's posterior (Cronrath and others, 2018, BAgger: A Bayesian algorithm for safe and query-efficient imitation learning, known
 * to us from others' texts): draws of the loss, and which of them, ascending, counts. Our choice.
 */
const bayesian = { draws: 10, alpha: 0.9 } as const

/** ThriftyDAgger's target rate (Hoque and others, 2021). */
const thrift = 0.01

/**
 * CRSAIL's (Firouzkouhi and others, 2025, arXiv 2512.00453): which neighbour counts, and what share of the states that the learner
 * meets is new. Our choice, and so is that the radius is set before every iteration, as all rates are, where the original sets it once.
 */
const novelty = { k: 5, share: 0.05 } as const

/**
 * The related algorithms, with a gradient variant where the score has a gradient to ask by. LazyDAgger is that of Hoque and others,
 * 2021 (arXiv 2104.00053). ThriftyDAgger's variant asks by the gradient of the danger, not by that of the doubt: our choice.
 *
 * @param rate in place of the thresholds: set to ask in that share of the states that the learner meets
 */
export function relatedFor({ loss, safety }: Hyperparameters, readings: Readings = ours, rate?: number) {
  const bayes = {
    actor: 'expert-when-asked',
    critic: bayesianLossNetwork(readings.loss, bayesian.draws, bayesian.alpha)
  } as const
  const doubts = { actor: 'expert-when-asked', critic: ensemble(members) } as const
  const lazy = {
    actor: 'expert-when-asked',
    critic: safetyNetwork(safety.tau, readings.safety),
    handsBack: near(safety.tau)
  } as const
  const thrifty = {
    actor: 'expert-when-asked',
    critic: both(ensemble(members), prospects),
    handsBack: nearAndPromising
  } as const
  const where = atRate(rate)
  const disappointing = where(['percentile'], above('percentile', loss.tau))
  const doubtful = where(['doubt'], above('doubt', loss.tau * loss.tau))
  const risky = where(['logit'], above('risk', 1 / 2))
  return {
    dropoutdagger: {
      title: 'DropoutDAgger',
      actor: unlessAgreed(loss.tau, dropout.share),
      critic: policyDraws(dropout.draws),
      asks: always
    },
    bagger: { title: 'BAgger', ...bayes, asks: disappointing },
    'bagger-gradient': {
      title: 'BAgger Gradient',
      ...bayes,
      asks: where(['percentile', 'steepness'], anyOf(disappointing, above('steepness', loss.epsilon)))
    },
    ensembledagger: { title: 'EnsembleDAgger', ...doubts, asks: doubtful },
    'ensembledagger-gradient': {
      title: 'Ensemble Gradient',
      ...doubts,
      asks: where(['doubt', 'steepness'], anyOf(doubtful, above('steepness', loss.epsilon)))
    },
    'ensembledagger-full': {
      title: 'EnsembleDAgger, full',
      ...doubts,
      actor: unlessNearAndSure(loss.tau),
      asks: always
    },
    lazydagger: { title: 'LazyDAgger', ...lazy, asks: risky },
    'lazydagger-gradient': {
      title: 'Lazy Gradient',
      ...lazy,
      asks: where(['logit', 'steepness'], anyOf(risky, above('steepness', safety.epsilon)))
    },
    thriftydagger: { title: 'ThriftyDAgger', ...thrifty, asks: highest(rate ?? thrift, 'doubt', 'danger') },
    'thriftydagger-gradient': {
      title: 'Thrifty Gradient',
      ...thrifty,
      asks: highest(rate ?? thrift, 'doubt', 'danger', 'steepness')
    },
    crsail: {
      title: 'CRSAIL',
      actor: 'learner',
      critic: labelledStates(novelty.k),
      asks: highest(rate ?? novelty.share, 'novelty')
    }
  } as const satisfies Record<string, QueryStrategy>
}

export type RelatedName = keyof ReturnType<typeof relatedFor>

/**
 * Bootstrap-DAgger (Li and Zhang, 2023, arXiv 2312.16860): an ensemble acts whose members learn from a bootstrap each, a random member in each
 * step, so that it explores where they differ. The original's learner is the ensemble; here it stays the paper's network, so that
 * strategies differ in their queries alone. There is no gradient variant, for there is no score.
 */
import { integer } from '../../util/random'
import { random } from '../rules'
import { type Behaviour, learnerThroughout, type QueryStrategy } from '../strategy'
import { ensembleCritic, members } from './ensembledagger'

/** The fraction of states that the original's experiments label. They have ensembles of 5 and 25. */
const fractionOfStates = 1 / 20

export const bootstrapDAgger = (rate = fractionOfStates): Record<'bootstrapdagger', QueryStrategy> => ({
  bootstrapdagger: {
    title: 'Bootstrap-DAgger',
    rule: random(rate),
    critic: ensembleCritic(members),
    control: learnerThroughout,
    behaviour: actAsRandomMember
  }
})

/** Executes in each state the action of a member drawn at random. */
export const actAsRandomMember: Behaviour = ({ states, rows, critic: { networks } }, rngs) => {
  const actions = networks.map((network) => network.predict(states, rows))
  const drawn = rngs.map((rng) => integer(rng, networks.length))
  const n = actions[0].length / rows
  return actions[0].map((_, i) => actions[drawn[Math.floor(i / n)]][i])
}

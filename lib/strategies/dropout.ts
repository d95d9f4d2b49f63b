/** A network that dropout trained as many: each draw leaves other units out (Gal and Ghahramani, 2016). */
import { joinColumns } from '../matrices'
import { createNetwork, type Network, thinned } from '../networks'
import type { Rng } from '../random'
import { type GradientReading, lossNetwork } from './critics'
import { lazily, once } from './scores'
import type { Critic } from './strategy'

/** Networks to hold some draws of one, and what draws them anew from it as it then is. */
async function draws(of: Network, count: number): Promise<{ members: readonly Network[]; draw(rng: Rng): void }> {
  const members: Network[] = []
  for (let i = 0; i < count; i++) members.push(await createNetwork(of.topology, () => 0.5, of.engine))
  return {
    members,
    draw(rng) {
      const weights = of.weights()
      for (const member of members) member.setWeights(thinned(of.topology, weights, rng))
    }
  }
}

/**
 * The Loss network as a Bayesian one: our reading of BAgger (Cronrath and others, 2018), its posterior by dropout, each draw for
 * an iteration. Scores: `percentile`, the alpha-quantile of the predicted loss over draws, and `steepness`, the norm of
 * the gradient by [s; â] of the draw that is there.
 */
export const bayesianLossNetwork = (reading: GradientReading, count: number, alpha: number): Critic => {
  const critic = lossNetwork(reading)
  const rank = Math.ceil(alpha * count) - 1
  return {
    name: 'Bayesian loss network',
    async begin(task, create) {
      const judge = await critic.begin(task, create)
      const posterior = await draws(judge.networks[0], count)
      return {
        networks: [...judge.networks, ...posterior.members],
        async learn(experience, training) {
          const dead = await judge.learn(experience, training)
          posterior.draw(training.random('draws'))
          return dead
        },
        scores(states, proposals, rows) {
          const inputs = joinColumns(states, proposals, rows)
          const there = once(() => {
            const drawn = posterior.members.map((network) => critic.scores(network, inputs, rows))
            return Array.from({ length: rows }, (_, row) => {
              const ascending = [...drawn].sort((a, b) => a.discrepancy[row] - b.discrepancy[row])
              return ascending[rank]
            })
          })
          return lazily({
            percentile: () => Float32Array.from(there(), ({ discrepancy }, row) => discrepancy[row]),
            steepness: () => Float32Array.from(there(), ({ steepness }, row) => steepness[row])
          })
        }
      }
    }
  }
}

/**
 * Draws of the policy (Menda and others, DropoutDAgger, 2017), for `unlessAgreed`; they score nothing. Each is drawn once an iteration,
 * where the original draws anew in every state.
 */
export const policyDraws = (count: number): Critic => ({
  name: 'policy under dropout',
  async begin() {
    let drawn: Awaited<ReturnType<typeof draws>> | undefined
    return {
      get networks() {
        return drawn?.members ?? []
      },
      async learn({ policy }, { random }) {
        drawn ??= await draws(policy, count)
        drawn.draw(random('draws'))
        return []
      },
      scores: () => ({})
    }
  }
})

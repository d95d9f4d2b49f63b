import type { Critic } from './strategy'

/** Two critics as one, with the scores of both; of one name, the second's. */
export const both = (a: Critic, b: Critic): Critic => ({
  name: `${a.name} and ${b.name}`,
  async begin(task, create) {
    const [first, second] = [await a.begin(task, create), await b.begin(task, create)]
    return {
      get networks() {
        return [...first.networks, ...second.networks]
      },
      async learn(experience, training) {
        const dead = await first.learn(experience, training)
        return [...dead, ...(await second.learn(experience, training))]
      },
      keep() {
        const back = [first.keep?.(), second.keep?.()]
        return () => {
          for (const put of back) put?.()
        }
      },
      scores(states, proposals, rows) {
        const judged = [first, second].map((judge) => judge.scores(states, proposals, rows))
        // descriptors, for a spread would look at every score
        return Object.defineProperties({}, Object.assign({}, ...judged.map(Object.getOwnPropertyDescriptors)))
      }
    }
  }
})

/**
 * Computes the runs behind notebook 07 that data/beyond/records lacks; interrupted, it goes on where it was.
 *
 *     npm run study -- beyond [--tasks reacher,hopper] [--parts sweep,even,best] [--strategies loss,…] [--workers N | --queue URL]
 */
import { choosingSeeds, paperEnvironments, readResults, sweepPoints, withSeeds } from 'radgrad'
import { fingerprint } from 'radgrad/dist/internal.js'
import { runStudy } from '../study.ts'
import { best, even, strategies, sweep } from './plan.ts'

await runStudy({
  tasks: paperEnvironments,
  strategies,
  parts: {
    sweep,
    even,
    async best(_, expert, of, results) {
      const { records } = await readResults(results)
      const hash = await fingerprint(expert)
      const points = await sweepPoints([...records.values()].filter(({ protocol }) => protocol.expert === hash))
      const swept = withSeeds(points, (seed) => choosingSeeds.includes(seed))
      return best(expert, swept, of)
    }
  },
  folder: 'beyond/records',
  label: ({ rate, hyperparameters }) => (rate === undefined ? `τ ${hyperparameters.loss.tau}` : `rate ${rate}`)
})

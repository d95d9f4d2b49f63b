/** Our experts are those that the rule chooses among the committed snapshots. */
import { expect, test } from 'vitest'
import { environments } from '../../lib/environments'
import { loadExpert } from '../../lib/files/experts'
import { loadModel } from '../../lib/files/models'
import { rankedSnapshots } from '../../tools/studies/experts/snapshots.ts'

test.each(environments)(
  'our expert of %s is the snapshot of the smallest shortfall, and passes all gates',
  async (task) => {
    const [{ seed, model, missing }] = await rankedSnapshots(task, 'data/training')
    expect(missing).toBeLessThanOrEqual(0)
    expect(await loadModel(`data/training/${task}-seed-${seed}/${model}`)).toEqual(await loadExpert(task))
  }
)

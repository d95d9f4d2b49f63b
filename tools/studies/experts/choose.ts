/**
 * Chooses an expert among the snapshots of all seeds by the rule in docs/experts.md:
 *
 *     npm run study -- choose-expert TASK FOLDER
 */
import { join } from 'node:path'
import { environments } from 'radgrad'
import { rankedSnapshots, type Snapshot } from './snapshots.ts'

const [name, folder] = process.argv.slice(2)
const task = environments.find((environment) => environment === name)
if (!task || !folder) throw new RangeError(`give a task (${environments.join(', ')}) and the folder of its trainings`)

const ranked = await rankedSnapshots(task, folder)
if (ranked.length === 0) throw new Error(`there are no snapshots of ${task} in ${folder}`)

const digits = Math.abs(ranked[0].return) < 100 ? 2 : 0
const line = (snapshot: Snapshot & { missing: number }): string =>
  [
    snapshot.seed,
    snapshot.model,
    snapshot.return.toFixed(digits),
    snapshot.returnNoise02.toFixed(digits),
    snapshot.returnNoise03.toFixed(digits),
    snapshot.steepness.toFixed(2),
    snapshot.actionSize.toFixed(2),
    snapshot.beyondRange.toFixed(2),
    snapshot.missing.toFixed(4)
  ].join('\t')
console.log('seed\tmodel\treturn\tnoise .2\tnoise .3\tsteep\tsize\tbeyond\tshortfall')
for (const snapshot of ranked.slice(0, 20)) console.log(line(snapshot))
const [{ seed, model, missing }] = ranked
console.log(
  `chosen: ${join(folder, `${task}-seed-${seed}`, model)}, which ${missing <= 0 ? 'meets all gates' : 'meets not all gates'}`
)

/**
 * Trains experts and measures their snapshots as they come:
 *
 *     npm run study -- train-expert --task hopper --seeds 1,2,3 --workers 2 --out FOLDER
 *
 * Each seed has a folder of its own in FOLDER. The same command goes on where it was stopped, wherever the folder is now.
 */
import '../../host/register.ts' // for the processes that are forked below
import { fork } from 'node:child_process'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type EnvironmentName, environments, loadEnvironment } from 'radgrad'
import { measure } from './measure.ts'
import { addSnapshot, readTraining, saveTraining } from './snapshots.ts'
import { plans, shortfall } from './tasks.ts'
import { type Settings, startTraining, type Training } from './trpo.ts'

/** Iterations between two saves of the training's state. */
const saveEvery = 10

interface Order {
  readonly task: EnvironmentName
  readonly seeds: readonly number[]
  readonly workers: number
  readonly steps: number
  readonly settings: Omit<Settings, 'seed'>
  readonly out: string
}

function order(): Order {
  const { values } = parseArgs({
    options: {
      task: { type: 'string' },
      seeds: { type: 'string', default: '1' },
      workers: { type: 'string', default: '1' },
      steps: { type: 'string' },
      floor: { type: 'string' },
      discount: { type: 'string' },
      batch: { type: 'string', default: '10000' },
      out: { type: 'string', default: 'out/experts' }
    }
  })
  const task = environments.find((name) => name === values.task)
  if (!task) throw new RangeError(`--task is ${values.task}: choose one of ${environments.join(', ')}`)
  const plan = plans[task]
  return {
    task,
    seeds: values.seeds.split(',').map((seed) => positive('seeds', seed)),
    workers: positive('workers', values.workers),
    steps: values.steps === undefined ? plan.steps : positive('steps', values.steps),
    settings: {
      floor: values.floor === undefined ? plan.floor : positive('floor', values.floor),
      discount: values.discount === undefined ? plan.discount : positive('discount', values.discount),
      batch: positive('batch', values.batch)
    },
    out: resolve(values.out)
  }
}

function positive(option: string, text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`--${option} has ${text}: give a number above 0`)
  return value
}

/** Trains one seed, from where its folder has it. */
async function trainSeed({ task, steps, settings, out }: Order, seed: number): Promise<void> {
  const folder = join(out, `${task}-seed-${seed}`)
  const { every } = plans[task]
  const environment = await loadEnvironment(task, { masses: 'legacy' })
  const training = await startTraining(environment, { ...settings, seed }, await readTraining(folder))
  const { progress } = training
  while (progress.steps < steps) {
    const before = Math.floor(progress.steps / every)
    const { noisyReturn, divergence } = await training.iterate()
    const now = Math.floor(progress.steps / every)
    if (now > before) await snapshot(task, training, folder, `${(now * every) / 1000}k`)
    if (now > before || progress.iteration % saveEvery === 0) {
      await saveTraining(folder, training.save())
      console.log(
        `${task} seed ${seed}: iteration ${progress.iteration}, ${(progress.steps / 1e6).toFixed(2)}M steps, ` +
          `exploring return ${noisyReturn.toFixed(2)}, divergence ${divergence.toFixed(4)}, ` +
          `deviations ${progress.deviations.map((d) => d.toFixed(3)).join(' ')}`
      )
    }
  }
}

async function snapshot(task: EnvironmentName, training: Training, folder: string, model: string): Promise<void> {
  const { settings, progress } = training
  const { episodes, gates } = plans[task]
  const policy = await training.policy()
  const measures = await measure(await loadEnvironment(task, { masses: 'legacy' }), policy, episodes)
  const { seed, floor, discount } = settings
  const { iteration, steps, deviations } = progress
  const line = { task, seed, floor, discount, iteration, steps, deviations: [...deviations], model, ...measures }
  await addSnapshot(folder, line, policy)
  console.log(`${JSON.stringify(measures)} largest shortfall ${shortfall(measures, gates).toFixed(4)}`)
}

/** Trains the seeds in processes of their own, so many at a time. */
async function trainAll({ seeds, workers }: Order): Promise<void> {
  const waiting = [...seeds]
  const failed: number[] = []
  const work = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift())
      if ((await exitCode(seed)) !== 0) failed.push(seed)
  }
  await Promise.all(Array.from({ length: workers }, work))
  if (failed.length > 0) throw new Error(`seeds ${failed.join(', ')} failed: the lines above say why`)
}

const exitCode = (seed: number): Promise<number | null> =>
  new Promise((done, fail) => {
    // of an option given twice, the last counts
    const child = fork(import.meta.filename, [...process.argv.slice(2), '--seeds', String(seed)])
    child.on('error', fail).on('exit', done)
  })

const given = order()
await (given.seeds.length > 1 ? trainAll(given) : trainSeed(given, given.seeds[0]))

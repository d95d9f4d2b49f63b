/**
 * One, two and four workers of a queue on this machine: their runs a minute, beside the ideal, and the cost of a run outside itself.
 *
 *     npm run bench -- queue                 some ten minutes on two cores; needs redis-server
 *
 * The runs are short ones, so that losses show. Ideal is what the bare runs, as long as their records say they took
 * with one worker, would come to, on as many processors as there are workers or processors. The numbers of workers take
 * turns, and the best of three turns counts, for the machine may have other things to do. Workers have done a run each before.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Queue } from 'bullmq'
import type { RunRecord } from 'radgrad'
import { command } from '../command.ts'
import { prefix, queueName } from '../sweep/queue.ts'
import { duration } from '../sweep/recorded.ts'

const port = 7391
const url = `redis://localhost:${port}`
const connection = { host: 'localhost', port }
const [runs, turns, counts] = [24, 3, [1, 2, 4]]
const folder = mkdtempSync(join(tmpdir(), 'radgrad-queue-'))

const radgrad = (...args: string[]) =>
  spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Sends runs of a strategy through the queue. Returns their records when all are there. */
async function sweep(strategy: string, seeds: number): Promise<RunRecord[]> {
  const results = mkdtempSync(join(folder, 'results-'))
  const which = ['--quick', '--environments', 'reacher', '--strategies', strategy, '--seeds', String(seeds)]
  const child = radgrad('reproduce', ...which, '--results', results, '--queue', url)
  child.stdout.resume()
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`the sweep ended with code ${code}`)
  return readdirSync(results).map((file) => JSON.parse(readFileSync(join(results, file), 'utf8')))
}

interface Measured {
  /** Seconds that the workers were at the runs. */
  readonly whole: number
  /** Seconds that the runs took themselves. */
  readonly bare: number
}

/** Measures so many workers, with a Redis of its own. */
async function turn(count: number): Promise<Measured> {
  const redis = spawn('redis-server', ['--port', String(port), '--save', '', '--dir', folder], { stdio: 'ignore' })
  const workers: ReturnType<typeof radgrad>[] = []
  const queue = new Queue(queueName, { prefix, connection })
  queue.on('error', () => {}) // until Redis listens
  try {
    await queue.waitUntilReady()
    for (let i = 0; i < count; i++) workers.push(radgrad('worker', '--queue', url, '--concurrency', '1'))
    await Promise.all(workers.map(({ stdout }) => once(stdout, 'data')))
    await sweep('dagger', count)
    const bare = sum((await sweep('random', runs)).map(duration))
    const jobs = (await queue.getCompleted()).filter(({ data }) => data.protocol.strategy === 'random')
    const begun = Math.min(...jobs.map(({ processedOn = 0 }) => processedOn))
    return { whole: (Math.max(...jobs.map(({ finishedOn = 0 }) => finishedOn)) - begun) / 1000, bare }
  } finally {
    await queue.close()
    for (const worker of workers) {
      const ended = once(worker, 'close')
      worker.stdout.resume()
      worker.kill('SIGKILL') // it has nothing to give back
      await ended
    }
    redis.kill('SIGTERM')
    await once(redis, 'close')
  }
}

const best = new Map<number, Measured>()
for (let i = 0; i < turns; i++)
  for (const count of counts) {
    const measured = await turn(count)
    if (measured.whole < (best.get(count)?.whole ?? Number.POSITIVE_INFINITY)) best.set(count, measured)
  }
rmSync(folder, { recursive: true })

const alone = best.get(1) as Measured
const processors = availableParallelism()
console.log(`${runs} runs on ${processors} processors; a bare run takes ${(alone.bare / runs).toFixed(2)} s\n`)
console.log('| workers | runs a minute | ideal | of the ideal |\n|---|---|---|---|')
for (const [count, { whole }] of best) {
  const [found, ideal] = [(60 * runs) / whole, (60 * runs * Math.min(count, processors)) / alone.bare]
  console.log(`| ${count} | ${found.toFixed(0)} | ${ideal.toFixed(0)} | ${Math.round((100 * found) / ideal)} % |`)
}
console.log(`\na run costs ${((1000 * (alone.whole - alone.bare)) / runs).toFixed(0)} ms outside itself`)

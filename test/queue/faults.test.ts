/** The faults of a sweep through a queue, with real processes and a real Redis. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { beforeAll, expect, test } from 'vitest'
import { newFolder, signal, workersOf } from '../cli/radgrad'
import { describeWithRedis } from './redis'
import {
  count,
  done,
  expectAsInPeace,
  newResults,
  patient,
  recordsIn,
  reference,
  stage,
  threeSeeds,
  twoSeeds,
  until,
  untilBusy,
  untilSaid
} from './sweep'

describeWithRedis('a sweep through a queue', { concurrent: true }, () => {
  let whole: Record<string, unknown>
  let peace: Record<string, unknown>
  beforeAll(async () => {
    ;({ three: whole, two: peace } = await reference())
  }, patient)

  test(
    'two workers of a queue make the same records as a sweep without a queue',
    async ({ onTestFinished }) => {
      const { startRedis, submit, worker } = stage(onTestFinished)
      const [{ url }, folder] = [await startRedis(), await newResults()]
      const workers = [worker(url), worker(url)]
      const { stdout, stderr } = await expectAsInPeace(submit(url, folder, ...threeSeeds), folder, whole)
      expect(stdout.split('\n')[0]).toBe(`0 of 6 runs are recorded in ${folder}, 6 to go`)
      expect(stderr).toBe('')
      expect(done(...workers)).toBe(6)
      for (const one of workers) expect(done(one)).toBeGreaterThan(0)
    },
    patient
  )

  test(
    'a worker that is killed amid a run leaves the run to other workers',
    async ({ onTestFinished }) => {
      const { startRedis, submit, worker } = stage(onTestFinished)
      const [{ url }, folder] = [await startRedis(), await newResults()]
      const victim = worker(url)
      const sweep = submit(url, folder, ...twoSeeds)
      await untilBusy(victim)
      victim.child.kill('SIGKILL')
      const before = done(victim)
      await untilSaid(sweep, /no worker is connected; start one or more: npx radgrad worker --queue redis:/)
      const heir = worker(url, 2)
      await expectAsInPeace(sweep, folder, peace)
      expect(before + done(heir)).toBe(4)
    },
    patient
  )

  test.for<[string, string[]]>([
    ['with its data', ['--appendonly', 'yes']],
    ['without its data', []]
  ])(
    'a sweep makes every record when Redis stops and comes back %s',
    { timeout: patient },
    async ([, options], { onTestFinished }) => {
      const { startRedis, submit, worker } = stage(onTestFinished)
      const [redis, folder] = [await startRedis(...options), await newResults()]
      const one = worker(redis.url, 2)
      const sweep = submit(redis.url, folder, ...twoSeeds)
      await until(() => recordsIn(folder).length)
      await redis.stop()
      for (const command of [sweep, one]) await untilSaid(command, /is lost/)
      await sleep(1000) // some more attempts
      await redis.start()
      const { stderr } = await expectAsInPeace(sweep, folder, peace)
      expect(stderr).toBe(
        `radgrad: the connection to ${redis.url} is lost; it is tried again until Redis is back\n` +
          `radgrad: ${redis.url} is back\n`
      )
      expect(count(one.said(), /is lost/)).toBe(1)
      expect(count(one.said(), /\d is back/)).toBe(1)
      if (options.length > 0) expect(done(one)).toBe(4)
      expect(count(one.said(), /^radgrad: /m)).toBe(one.said().includes('has forgotten what is done here') ? 3 : 2)
    }
  )

  test(
    'a sweep makes every record when all connections are dropped again and again',
    async ({ onTestFinished }) => {
      const { startRedis, submit, worker } = stage(onTestFinished)
      const [{ url }, folder] = [await startRedis(), await newResults()]
      const one = worker(url, 2)
      const sweep = submit(url, folder, ...threeSeeds)
      await untilBusy(one)
      const redis = new Redis(url)
      onTestFinished(() => redis.disconnect())
      let dropped = 0
      while (sweep.child.exitCode === null) {
        for (const type of ['normal', 'pubsub'] as const) dropped += Number(await redis.client('KILL', 'TYPE', type))
        await sleep(500)
      }
      expect(dropped).toBeGreaterThan(4 * 5) // the worker's two and the submitter's two
      const { stderr } = await expectAsInPeace(sweep, folder, whole)
      const lost = count(stderr, /is lost; it is tried again/)
      expect(lost).toBeGreaterThan(5)
      // the last may be dropped when all is done
      expect([lost, lost - 1]).toContain(count(stderr, /\d is back/))
    },
    patient
  )

  test(
    'a killed submitter that is started again takes the records made meanwhile, and no run is done twice',
    async ({ onTestFinished }) => {
      const { startRedis, submit, worker } = stage(onTestFinished)
      const [{ url }, folder] = [await startRedis(), await newResults()]
      const one = worker(url, 2)
      const killed = submit(url, folder, ...twoSeeds)
      await until(() => recordsIn(folder).length)
      killed.child.kill('SIGKILL')
      await until(() => done(one), 4)
      const there = recordsIn(folder).length
      expect(there).toBeLessThan(4)
      const again = submit(url, folder, ...twoSeeds)
      expect(await again.ended).toMatchObject({ code: 0, stderr: '' })
      expect(again.said()).toContain(`${there} of 4 runs are recorded in ${folder}, ${4 - there} to go\n`)
      // into another folder, all of it is taken
      const other = await newResults()
      await expectAsInPeace(submit(url, other, ...twoSeeds), other, peace)
      expect(done(one)).toBe(4)
    },
    patient
  )

  test(
    'two submitters of a sweep each get all records, and no run is done twice',
    async ({ onTestFinished }) => {
      const { startRedis, submit, worker } = stage(onTestFinished)
      const { url } = await startRedis()
      const folders = [await newResults(), await newResults()]
      const one = worker(url, 2)
      const sweeps = folders.map((folder) => submit(url, folder, ...twoSeeds))
      for (const [i, sweep] of sweeps.entries()) await expectAsInPeace(sweep, folders[i], peace)
      expect(done(one)).toBe(4)
    },
    patient
  )

  test(
    'a run that always fails is reported after its retries, and the others finish; submitted again, it is tried again',
    async ({ onTestFinished }) => {
      const { startRedis, submit, worker } = stage(onTestFinished)
      const [{ url }, folder, experts] = [await startRedis(), await newResults(), await newFolder()]
      await cp('data/experts/reacher', join(experts, 'reacher'), { recursive: true })
      await cp('data/experts/reacher', join(experts, 'hopper'), { recursive: true }) // which it is not
      const one = worker(url, 2)
      const more = ['--environments', 'hopper', '--strategies', 'random', 'dagger', '--experts', experts]
      const why = 'hopper shows 11 numbers and takes 3, but the expert has 11 inputs and 2 outputs'
      for (const [told, failed] of [
        ['0 of 4 runs are recorded', 2],
        ['2 of 4 runs are recorded', 2]
      ] as const) {
        const { code, stdout, stderr } = await submit(url, folder, ...more).ended
        expect(stdout).toContain(told)
        expect(stdout).toContain(`hopper random seed 1: FAILED, ${why}\n`)
        expect(stdout).toContain(`hopper dagger seed 1: FAILED, ${why}\n`)
        const to = told.startsWith('0') ? 4 : 2
        expect(stderr).toBe(`radgrad: ${failed} of ${to} runs failed; the others are recorded\n`)
        expect(code).toBe(1)
      }
      expect(recordsIn(folder)).toHaveLength(2)
      expect(count(one.said(), /FAILED/)).toBe(2 * 2 * 3)
      expect(done(one)).toBe(2)
    },
    patient
  )

  test(
    'a run that fails once is done at the next try',
    async ({ onTestFinished }) => {
      const { startRedis, submit, worker } = stage(onTestFinished)
      const [{ url }, folder] = [await startRedis(), await newResults()]
      const one = worker(url)
      const sweep = submit(url, folder, ...twoSeeds)
      for (const killed = new Set<number>(); killed.size < 2; await sleep(5))
        for (const pid of workersOf(one.child)) {
          signal(pid, 'SIGKILL')
          killed.add(pid)
        }
      await untilSaid(one, /FAILED, the process that computed it ended 2 times/)
      expect(await expectAsInPeace(sweep, folder, peace)).toMatchObject({ stderr: '' })
      expect([done(one), count(one.said(), /FAILED/)]).toEqual([4, 1])
    },
    patient
  )

  test(
    'Ctrl-C makes a worker give back at once the run that it has begun',
    async ({ onTestFinished }) => {
      const { startRedis, submit, worker } = stage(onTestFinished)
      const [{ url }, folder] = [await startRedis(), await newResults()]
      const first = worker(url, 2)
      const sweep = submit(url, folder, ...twoSeeds)
      await untilBusy(first)
      first.child.kill('SIGINT')
      const { code, stdout, stderr } = await first.ended
      expect({ code, stderr }).toEqual({
        code: 130,
        stderr: 'radgrad: interrupted; what was printed and saved is complete\n'
      })
      const before = done(first)
      expect(count(stdout, /: left to others$/m)).toBeGreaterThan(0)
      const begun = performance.now()
      const heir = worker(url, 2)
      await untilBusy(heir)
      // no longer than it takes to start, for nobody is missed
      expect(performance.now() - begun).toBeLessThan(20_000)
      await expectAsInPeace(sweep, folder, peace)
      expect(before + done(heir)).toBe(4)
    },
    patient
  )

  test(
    'Ctrl-C makes the submitter say that the other runs stay in the queue, and the workers go on',
    async ({ onTestFinished }) => {
      const { startRedis, submit, worker } = stage(onTestFinished)
      const [{ url }, folder] = [await startRedis(), await newResults()]
      const sweep = submit(url, folder, ...twoSeeds)
      await untilSaid(sweep, /no worker is connected/)
      sweep.child.kill('SIGINT')
      const { code, stderr } = await sweep.ended
      expect(stderr.split('\n').slice(1)).toEqual([
        `radgrad: what is not done stays in ${url}: the same command takes it up again`,
        'radgrad: interrupted; what was printed and saved is complete',
        ''
      ])
      expect(code).toBe(130)
      const one = worker(url, 2)
      await until(() => done(one), 4)
      await expectAsInPeace(submit(url, folder, ...twoSeeds), folder, peace)
      expect(done(one)).toBe(4)
    },
    patient
  )

  test(
    'Ctrl-C ends a worker, and a submitter, while Redis is away',
    async ({ onTestFinished }) => {
      const { startRedis, submit, worker } = stage(onTestFinished)
      const [redis, folder] = [await startRedis(), await newResults()]
      const commands = [worker(redis.url), submit(redis.url, folder)]
      await untilBusy(commands[0])
      await redis.stop()
      for (const one of commands) await untilSaid(one, /is lost/)
      for (const one of commands) {
        one.child.kill('SIGINT')
        expect(await one.ended).toMatchObject({ code: 130 })
      }
    },
    patient
  )
})

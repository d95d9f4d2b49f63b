/** The real command over real processes, and what may befall them. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { cp, mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { readResults } from '../../lib/files/results'
import { decodeRecord, numericsVersion } from '../../lib/record'
import {
  contents,
  expectTold,
  isWorker,
  killWorkers,
  newFolder,
  type Outcome,
  outcome,
  radgrad,
  radgradHere,
  radgradOnTerminal,
  radgradWithinBlocks,
  said,
  screen,
  sealed,
  secondsOf,
  signal,
  start,
  startInGroup,
  workersOf
} from './radgrad'

/** For tests of several sweeps, on a machine that is busy with others. */
const patient = 120_000

const sweep = (results: string, strategies: string, ...more: string[]): string[] => [
  ...['reproduce', '--quick', '--environments', 'reacher', '--results', results],
  ...['--strategies', ...strategies.split(' '), ...more]
]
const cells = 'random dagger'

/** Three seeds of two strategies, computed in peace. */
let reference: string
let undisturbed: Outcome
/** Their records' names, by what a name begins with. */
let nameOf: (run: string) => string
beforeAll(async () => {
  reference = join(await newFolder(), 'made')
  undisturbed = await radgrad(...sweep(reference, cells, '--seeds', '3', '--workers', '3'))
  const names = await readdir(reference)
  nameOf = (run) => names.find((name) => name.startsWith(`reacher-${run}-`)) ?? `no record of ${run}`
}, patient)

const runs = (strategies: string, seeds: number): string[] =>
  strategies
    .split(' ')
    .flatMap((strategy) => Array.from({ length: seeds }, (_, i) => nameOf(`${strategy}-seed-${i + 1}`)))
    .sort()

/** There are these records, and nothing that happened can be seen in them. */
async function expectAsInPeace(folder: string, names: readonly string[]): Promise<void> {
  const whole = await said(reference)
  expect(await said(folder)).toEqual(Object.fromEntries(names.map((name) => [name, whole[name]])))
}

/** And nothing beside them. */
async function expectUndisturbed(folder: string, names: readonly string[]): Promise<void> {
  await expectAsInPeace(folder, names)
  expect((await readdir(folder)).sort()).toEqual([...names].sort())
}

const lines = (text: string): string[] => text.trimEnd().split('\n')
const recordsIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []
const reuse = async (folder: string, ...names: string[]): Promise<void> => {
  for (const name of names) await cp(join(reference, name), join(folder, name))
}

const soon = { timeout: 20_000, interval: 10 }
/** For what takes a run or so. */
const inTime = { timeout: 50_000, interval: 10 }
const untilRecorded = (folder: string, already = 0) =>
  expect.poll(() => recordsIn(folder).length, inTime).toBeGreaterThan(already)
const untilGone = (workers: readonly number[]) => expect.poll(() => workers.filter(isWorker), soon).toEqual([])
async function untilWorkers(child: ChildProcessWithoutNullStreams, count: number): Promise<number[]> {
  await expect.poll(() => workersOf(child).length, soon).toBeGreaterThanOrEqual(count)
  return workersOf(child)
}

describe('records', () => {
  test('a sweep records every wanted run in a file of its own, with nothing beside them', async () => {
    expect(undisturbed).toMatchObject({ code: 0, stderr: '' })
    const names = (await readdir(reference)).sort()
    expect(names.map((name) => name.replace(/-[0-9a-f]{8}\.json$/, ''))).toEqual(
      ['dagger', 'random'].flatMap((strategy) => [1, 2, 3].map((seed) => `reacher-${strategy}-seed-${seed}`))
    )
    expect(Object.keys(await said(reference))).toEqual(names)
    const [first, ...told] = lines(undisturbed.stdout)
    expect(first).toBe(`0 of 6 runs are recorded in ${reference}, 6 to go`)
    expect(told.map((line) => line.replace(/: \d+ queries, loss \S+ ± \S+, \d+ s$/, '')).sort()).toEqual(
      names.map((name) => name.replace(/^reacher-(\w+)-seed-(\d)-.*/, 'reacher $1 seed $2'))
    )
  })

  test('a sweep does not compute recorded runs again, and their records stay as they are', async () => {
    const [before, written] = [await contents(reference), await stat(join(reference, nameOf('random-seed-1')))]
    expect(await radgradHere(...sweep(reference, cells, '--seeds', '3'))).toEqual({
      code: 0,
      stdout: `6 of 6 runs are recorded in ${reference}\n`,
      stderr: ''
    })
    expect(await contents(reference)).toEqual(before)
    expect((await stat(join(reference, nameOf('random-seed-1')))).mtimeMs).toBe(written.mtimeMs)
  })

  test(
    'the records are the same from one worker as from three; with more seeds, a sweep computes only the missing runs',
    async () => {
      const folder = await newFolder()
      expect(await radgrad(...sweep(folder, cells, '--workers', '1'))).toMatchObject({ code: 0, stderr: '' })
      const before = await contents(folder)
      expect(Object.keys(before)).toEqual(runs(cells, 1))

      const { code, stdout } = await radgrad(...sweep(folder, cells, '--seeds', '2', '--workers', '1'))
      expect(code).toBe(0)
      expect(lines(stdout)[0]).toBe(`2 of 4 runs are recorded in ${folder}, 2 to go`)
      expect(lines(stdout).slice(1)).toEqual([
        expect.stringMatching(/^reacher random seed 2: \d/),
        expect.stringMatching(/^reacher dagger seed 2: \d/)
      ])
      expect(await contents(folder)).toMatchObject(before)
      await expectUndisturbed(folder, runs(cells, 2))
    },
    patient
  )

  test(
    'the shards of a sweep record the runs of the whole sweep, each once',
    async () => {
      const folders = await Promise.all([newFolder(), newFolder()])
      for (const [i, folder] of folders.entries()) {
        const wanted = sweep(folder, 'random', '--seeds', '3', '--workers', '2', '--shard', `${i + 1}/2`)
        expect(await radgrad(...wanted)).toMatchObject({ code: 0, stderr: '' })
      }
      const shards = await Promise.all(folders.map((folder) => readdir(folder)))
      expect(shards.map((names) => names.length)).toEqual([2, 1])
      expect(shards.flat().sort()).toEqual(runs('random', 3))
      for (const [i, folder] of folders.entries()) await expectUndisturbed(folder, shards[i])
    },
    patient
  )
})

describe('a worker that is killed', () => {
  test(
    'a worker that is killed amid a run costs nothing but time',
    async () => {
      const folder = await newFolder()
      const child = start(...sweep(folder, cells, '--workers', '2'))
      const ended = outcome(child)
      const [victim] = await untilWorkers(child, 2)
      await expect.poll(() => secondsOf(victim), soon).toBeGreaterThan(0.4) // a quarter of a run or so
      signal(victim, 'SIGKILL')
      expect(recordsIn(folder)).toEqual([])
      const { code, stdout, stderr } = await ended
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(lines(stdout)).toHaveLength(3)
      await expectUndisturbed(folder, runs(cells, 1))
    },
    patient
  )

  // with a worker fewer than there are runs, some of them wait for one
  test.each([1, 2, 3])(
    'every run of a sweep with %s workers fails when they are killed again and again: all are reported, and none hangs',
    async (workers) => {
      const folder = await newFolder()
      const child = start(...sweep(folder, 'random', '--seeds', '3', '--workers', String(workers)))
      const ended = outcome(child)
      expect(await killWorkers(child)).toBeGreaterThan(1)
      const { code, stdout, stderr } = await ended
      expect({ code, stderr }).toEqual({ code: 1, stderr: 'radgrad: 3 of 3 runs failed\n' })
      expect(lines(stdout).slice(1).sort()).toEqual(
        [1, 2, 3].map((seed) => `reacher random seed ${seed}: FAILED, the process that computed it ended 2 times`)
      )
      expect(await readdir(folder)).toEqual([])
    },
    patient
  )

  test(
    'a worker that is killed when it has nothing more to do does not hide how the other runs end',
    async () => {
      const folder = await newFolder()
      const blocked = runs('dagger', 2)
      for (const name of blocked) await writeFile(join(folder, name), '{}')
      const child = start(...sweep(folder, cells, '--seeds', '2', '--workers', '2'))
      const ended = outcome(child)
      const [idle, busy] = await untilWorkers(child, 2)
      onTestFinished(() => signal(busy, 'SIGKILL'))
      signal(busy, 'SIGSTOP')
      await untilRecorded(folder, blocked.length)
      signal(idle, 'SIGKILL')
      await untilGone([idle])
      signal(busy, 'SIGCONT')
      const { code, stderr } = await ended
      expect(lines(stderr).slice(2)).toEqual([
        `radgrad: 2 of 4 runs have no record to be used; move ${blocked.join(', ')} away and run again`
      ])
      expect(code).toBe(1)
      expect(recordsIn(folder).sort()).toEqual(runs(cells, 2))
    },
    patient
  )
})

describe('a sweep that is killed', () => {
  test(
    'a sweep that is killed takes its workers with it, and the next sweep goes on from the records',
    async () => {
      const folder = await newFolder()
      const wanted = sweep(folder, 'random', '--seeds', '3', '--workers', '2')
      const child = start(...wanted)
      const ended = outcome(child)
      const workers = await untilWorkers(child, 2)
      await untilRecorded(folder)
      child.kill('SIGKILL')
      expect(await ended).toMatchObject({ code: null, stderr: '' })
      await untilGone(workers)

      const before = await contents(folder)
      const there = recordsIn(folder).length
      expect(there).toBeLessThan(3)
      await expectAsInPeace(folder, recordsIn(folder))
      const { code, stdout } = await radgrad(...wanted)
      expect(code).toBe(0)
      expect(lines(stdout)[0]).toBe(`${there} of 3 runs are recorded in ${folder}, ${3 - there} to go`)
      expect(await contents(folder)).toMatchObject(before)
      await expectAsInPeace(folder, runs('random', 3))
    },
    patient
  )

  test('a sweep that is killed before its workers have begun takes them with it, and they print no error', async () => {
    const child = start(...sweep(await newFolder(), 'random', '--seeds', '3', '--workers', '3'))
    const ended = outcome(child) // which waits for the workers, too: they have its standard error
    const workers = await untilWorkers(child, 3)
    child.kill('SIGKILL')
    expect(await ended).toMatchObject({ code: null, stderr: '' })
    await untilGone(workers)
  })
})

describe('Ctrl-C', () => {
  const interrupted = 'radgrad: interrupted; what was printed and saved is complete\n'
  const alone = (pid: number): number => pid
  const group = (pid: number): number => -pid

  test.each([
    ['to the sweep alone', alone],
    ['to the sweep and its workers, as a terminal sends it,', group]
  ])(
    'Ctrl-C %s ends the sweep with a line that says so, and the next sweep goes on',
    async (_, whom) => {
      const folder = await newFolder()
      const wanted = sweep(folder, 'random', '--seeds', '3', '--workers', '2')
      const child = startInGroup(...wanted)
      const ended = outcome(child)
      const workers = await untilWorkers(child, 2)
      await untilRecorded(folder)
      signal(whom(child.pid!), 'SIGINT')
      const { code, stdout, stderr } = await ended
      expect({ code, stderr }).toEqual({ code: 130, stderr: interrupted })
      await untilGone(workers)

      const before = await contents(folder)
      const there = Object.keys(before)
      expect(there.length).toBeLessThan(3)
      await expectUndisturbed(folder, there)
      const told = [...stdout.matchAll(/random seed \d(?=:)/g)].map(([run]) => nameOf(run.replaceAll(' ', '-')))
      expect(there).toEqual(expect.arrayContaining(told))
      expect(await radgrad(...wanted)).toMatchObject({ code: 0, stderr: '' })
      expect(await contents(folder)).toMatchObject(before)
      await expectUndisturbed(folder, runs('random', 3))
    },
    patient
  )

  test('Ctrl-C before the workers have begun ends the sweep and its workers, and leaves no file', async () => {
    const folder = await newFolder()
    const child = startInGroup(...sweep(folder, 'random', '--seeds', '3', '--workers', '2'))
    const ended = outcome(child)
    const [worker] = await untilWorkers(child, 1)
    signal(group(child.pid!), 'SIGINT')
    expect(await ended).toMatchObject({ code: 130, stderr: interrupted })
    await untilGone([worker])
    expect(await readdir(folder)).toEqual([])
  })
})

/** A file system of its own in memory, that is seen through the process which holds it, and gone with that. */
async function mounted(options: string): Promise<string> {
  const place = await newFolder()
  const mount = `mount -t tmpfs -o ${options} tmpfs "$0" && echo mounted && exec cat`
  const holder = spawn('unshare', ['--mount', '--map-root-user', 'sh', '-c', mount, place])
  onTestFinished(() => {
    holder.kill('SIGKILL')
  })
  await once(holder.stdout, 'data')
  return `/proc/${holder.pid}/root${place}`
}
/** Not everywhere may one mount, if only for oneself. */
const mounts =
  spawnSync('unshare', ['--mount', '--map-root-user', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0

describe('a folder that cannot be written to', () => {
  const below = async (): Promise<string> => {
    const file = join(await newFolder(), 'file')
    await writeFile(file, '')
    return join(file, 'below')
  }
  const dangling = async (): Promise<string> => {
    const link = join(await newFolder(), 'link')
    await symlink(`${link}-to-nowhere`, link)
    return link
  }
  const places: [string, () => Promise<string>][] = [
    ['below a file', below],
    ['a link to nowhere', dangling],
    ['one of the system’s', async () => '/sys'],
    ...(mounts ? [['read-only', () => mounted('ro')] as [string, () => Promise<string>]] : [])
  ]

  test.each(places)(
    'a results folder that cannot be written to (%s) is reported before any run is computed',
    async (_, place) => {
      const folder = await place()
      const child = start(...sweep(folder, 'random'))
      const ended = outcome(child)
      expect(await killWorkers(child)).toBe(0)
      const { code, stdout, stderr } = await ended
      expect(stderr.replaceAll(folder, 'FOLDER')).toMatch(
        /^radgrad: .*FOLDER cannot be (read|written to): E[A-Z]+: .*\n$/
      )
      expect(stdout).not.toContain('seed')
      expect(code).toBe(1)
    }
  )
})

/** Somewhere to write a record of seed 1 to, and no second one. */
interface Disk {
  readonly folder: string
  full(...args: string[]): Promise<Outcome>
  makeRoom(): Promise<void>
}

describe('a full disk', () => {
  /** Two pages of 4 KB hold a record; the third is for the beginning of the next one. */
  async function smallDisk(): Promise<Disk> {
    const disk = await mounted('size=64k')
    const filler = join(disk, 'filler')
    await writeFile(filler, Buffer.alloc((16 - 3) * 4096))
    return { folder: join(disk, 'results'), full: radgrad, makeRoom: () => rm(filler) }
  }
  async function smallFiles(): Promise<Disk> {
    const folder = await newFolder()
    await reuse(folder, nameOf('random-seed-1'))
    return { folder, full: (...args) => radgradWithinBlocks(4, ...args), makeRoom: async () => {} }
  }
  const disks: [string, () => Promise<Disk>][] = [
    ...(mounts ? [['in memory', smallDisk] as [string, () => Promise<Disk>]] : []),
    ['that takes no more than the beginning of a file', smallFiles]
  ]

  test.each(disks)(
    'a full disk %s stops the sweep and harms no record; with room, the next sweep goes on',
    async (_, make) => {
      const { folder, full, makeRoom } = await make()
      const wanted = sweep(folder, 'random', '--seeds', '2', '--workers', '1')
      const { code, stdout, stderr } = await full(...wanted)
      expect(stderr.replace(folder, 'FOLDER')).toMatch(
        /^radgrad: FOLDER cannot be written to: (ENOSPC|EFBIG): .*; what was recorded stays\n$/
      )
      expect(code).toBe(1)
      expect(stdout).not.toContain('seed 2')
      await expectUndisturbed(folder, runs('random', 1))

      const before = await contents(folder)
      await makeRoom()
      expect(await radgrad(...wanted)).toMatchObject({ code: 0, stderr: '' })
      expect(await contents(folder)).toMatchObject(before)
      await expectUndisturbed(folder, runs('random', 2))
    },
    patient
  )
})

describe('a file that is no record to be used', () => {
  /** The records of a run in the reference, and what may have become of them. */
  const text = async (run: string): Promise<string> => (await contents(reference))[nameOf(run)]
  const truncated = (whole: string): string => whole.slice(0, whole.length / 2)
  const mutated = (whole: string): string =>
    whole.replace(/(?<="returns":\[-\d+\.)\d/, (digit) => String((Number(digit) + 1) % 10))
  const stale = async (whole: string): Promise<string> =>
    sealed({ ...(await decodeRecord(whole)), numerics: numericsVersion + 1 })

  test(
    'a file that is no usable record is named with the reason and left alone; its run is not computed, the others are',
    async () => {
      const folder = await newFolder()
      const damage: Record<string, { holds: string; why: string }> = {
        'random-seed-1': { holds: truncated(await text('random-seed-1')), why: 'damaged: it is no JSON (' },
        'random-seed-2': {
          holds: mutated(await text('random-seed-2')),
          why: 'damaged: its checksum is not that of its contents'
        },
        'random-seed-3': {
          holds: await text('dagger-seed-1'),
          why: `foreign: by its contents it is ${nameOf('dagger-seed-1')}`
        },
        'dagger-seed-1': { holds: '{}', why: 'foreign: it is no record of a run' },
        'dagger-seed-2': {
          holds: await stale(await text('dagger-seed-2')),
          why: `stale: made by numerics ${numericsVersion + 1}, and this is ${numericsVersion}`
        }
      }
      const damaged = Object.keys(damage).map((run) => nameOf(run))
      for (const [run, { holds }] of Object.entries(damage)) await writeFile(join(folder, nameOf(run)), holds)
      const before = await contents(folder)

      const { code, stdout, stderr } = await radgrad(...sweep(folder, cells, '--seeds', '3'))
      const told = lines(stderr)
      for (const [run, { why }] of Object.entries(damage))
        expect(told).toContainEqual(
          expect.stringContaining(`radgrad: ${join(folder, nameOf(run))} is left alone: ${why}`)
        )
      expect(told).toHaveLength(6)
      expect(told[5]).toBe(
        `radgrad: 5 of 6 runs have no record to be used; move ${damaged.join(', ')} away and run again`
      )
      expect(code).toBe(1)
      expect(lines(stdout)).toEqual([
        `0 of 6 runs are recorded in ${folder}, 1 to go`,
        expect.stringMatching(/^reacher dagger seed 3: \d/)
      ])
      expect(Object.keys(await contents(folder))).toEqual(runs(cells, 3))
      expect(await contents(folder)).toMatchObject(before)
      const { records } = await readResults(folder)
      expect([...records.keys()]).toEqual([nameOf('dagger-seed-3')])
      expect(records.get(nameOf('dagger-seed-3'))?.outcome).toEqual(
        (await readResults(reference)).records.get(nameOf('dagger-seed-3'))?.outcome
      )
    },
    patient
  )

  test('a file that is no usable record is named and does no harm where its run is not wanted', async () => {
    const folder = await newFolder()
    await reuse(folder, nameOf('random-seed-1'))
    await writeFile(join(folder, nameOf('dagger-seed-1')), '{}')
    await mkdir(join(folder, 'folder.json'))
    await writeFile(join(folder, 'notes.txt'), 'mine')
    const { code, stdout, stderr } = await radgradHere(...sweep(folder, 'random'))
    expect(lines(stderr)).toEqual([
      expect.stringMatching(/folder\.json is left alone: EISDIR/),
      `radgrad: ${join(folder, nameOf('dagger-seed-1'))} is left alone: foreign: it is no record of a run`
    ])
    expect({ code, stdout }).toEqual({ code: 0, stdout: `1 of 1 runs are recorded in ${folder}\n` })
  })
})

describe('invalid options of a sweep', () => {
  const shard = /--shard <i\/n>' argument '\S+' is invalid\. It must be as 1\/4, from 1\/4 to 4\/4\./
  test.each([
    [['--shard', '3/2'], shard],
    [['--shard', '0/1'], shard],
    [['--shard', 'x'], shard],
    [['--seeds', '0'], /--seeds <n>' argument '0' is invalid\. It must be a whole number from 1 on\./],
    [['--workers', '0'], /--workers <n>' argument '0' is invalid\. It must be a whole number from 1 on\./],
    [
      ['--environments', 'walker'],
      /'walker' is invalid\. Allowed choices are reacher, hopper, halfcheetah, walker2d\./
    ],
    [['--strategies', 'random', 'asking'], /'asking' is invalid\. Allowed choices are supervised, dagger, random, /],
    [['--experts', 'no/such/folder'], /^radgrad: there is no expert for reacher in no\/such\/folder: looked for /]
  ])('a sweep with the invalid options %j reports them and makes no folder', async (args, words) => {
    const folder = join(await newFolder(), 'results')
    expectTold(await radgradHere(...sweep(folder, 'random', ...args)), words)
    expect(existsSync(folder)).toBe(false)
  })
})

test(
  'a sweep on a terminal has one progress bar below the lines, with the runs done and the time left, until it ends',
  async () => {
    const folder = await newFolder()
    const args = sweep(folder, 'random', '--seeds', '2', '--workers', '1')
    const { code, stdout, stderr } = await radgradOnTerminal('both', ...args)
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toMatch(/runs ░{16} 0 of 2 done, \S+s gone, \? left/)
    expect(stderr).toMatch(/runs █+░* 1 of 2 done, \S+s gone, \d\S*s left/)
    for (const { index } of stderr.matchAll(/ left/g))
      expect(screen(stderr.slice(0, index)).filter((line) => /[█░]/.test(line))).toHaveLength(1)
    const shown = screen(stderr)
    expect(shown[0]).toBe(`0 of 2 runs are recorded in ${folder}, 2 to go`)
    expect(shown.slice(1).sort()).toEqual([
      expect.stringMatching(/^reacher random seed 1: \d+ queries, loss \S+ ± \S+, \d+ s$/),
      expect.stringMatching(/^reacher random seed 2: \d+ queries, loss \S+ ± \S+, \d+ s$/)
    ])
    await expectUndisturbed(folder, runs('random', 2))
  },
  patient
)

/** The command `radgrad run`: in a process of its own where that matters, and in this one. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadModel } from '../../lib/files/models'
import { recordNamed } from '../../lib/files/results'
import { fingerprint } from '../../lib/networks/format'
import {
  command,
  expectTold,
  newFolder,
  type Outcome,
  outcome,
  radgrad,
  radgradHere,
  radgradOnTerminal,
  root,
  screen,
  start
} from './radgrad'

interface Line {
  iteration: number
  queries: number
  loss: number
  lossSd: number
  returns: number[]
  seconds: Record<string, number>
}

const berkeley = process.env.RADGRAD_BERKELEY_EXPERTS
const small = ['--iterations', '2', '--episodes', '2', '--trials', '5']
const run = (environment: string, strategy: string, ...more: string[]) => [
  'run',
  '--environment',
  environment,
  '--strategy',
  strategy,
  ...more
]
const reacher = (strategy: string, ...more: string[]) => run('reacher', strategy, ...more)
const parsed = (text: string): Line[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)
const records = (text: string) => parsed(text).map(({ seconds, ...record }) => record)

test('a run with --save leaves its record, which verifies, and its last policy', async () => {
  const folder = join(await newFolder(), 'saved')
  const { stderr, code } = await radgradHere(...reacher('loss', '--save', folder, ...small))
  expect([stderr, code]).toEqual(['', 0])
  const [file] = (await readdir(folder)).filter((name) => name.endsWith('.json'))
  const record = await recordNamed(file, await readFile(join(folder, file), 'utf8'))
  expect(record.outcome.iterations).toHaveLength(2)
  expect(await fingerprint(await loadModel(join(folder, 'policy')))).toBe(record.outcome.policy)
  expect((await radgradHere(...reacher('loss', '--save', folder, ...small))).code).toBe(0)
  const other = await radgradHere(...reacher('dagger', '--save', folder, ...small))
  expect([other.code, other.stderr]).toEqual([
    1,
    `radgrad: --save ${folder} has the policy of another run: name another folder\n`
  ])
  const again = await radgradHere(...reacher('loss', '--save', '/dev/null/x', ...small))
  expect(again.code).toBe(1)
  expect(again.stderr).toContain('--save /dev/null/x cannot be written: ENOTDIR')
})

describe('the output of a run', () => {
  let dagger: Outcome
  beforeAll(async () => {
    dagger = await radgrad(...reacher('dagger', '--seed', '1', '--json', ...small))
  })

  test('a run with --json prints one object a line, and nothing else', () => {
    expect(dagger).toMatchObject({ code: 0, stderr: '' })
    expect(dagger.stdout.endsWith('}\n')).toBe(true)
    const lines = parsed(dagger.stdout)
    expect(lines.map(({ iteration, queries }) => [iteration, queries])).toEqual([
      [1, 100],
      [2, 200]
    ])
    for (const line of lines) {
      expect(Object.keys(line)).toEqual([
        'iteration',
        'queries',
        'loss',
        'lossSd',
        'returns',
        'rules',
        'constant',
        'seconds'
      ])
      expect(line.returns).toHaveLength(5)
      expect(Object.keys(line.seconds)).toEqual(['collect', 'train', 'test'])
      for (const value of [line.loss, line.lossSd, ...line.returns, ...Object.values(line.seconds)])
        expect(Number.isFinite(value)).toBe(true)
    }
  })

  test('the same seed gives the same run to the last bit, but for the seconds; another seed gives another run', async () => {
    const again = await radgradHere(...reacher('dagger', '--json', ...small))
    const other = await radgradHere(...reacher('dagger', '--seed', '2', '--json', ...small))
    expect(records(again.stdout)).toEqual(records(dagger.stdout))
    expect(records(other.stdout)).toHaveLength(2)
    expect(records(other.stdout)[0].returns).not.toEqual(records(dagger.stdout)[0].returns)
  })

  test('the strategy radgrad is another name of loss-gradient and gives the same run', async () => {
    const radgradRun = await radgradHere(...reacher('radgrad', '--json', ...small))
    const lossGradient = await radgradHere(...reacher('loss-gradient', '--json', ...small))
    expect(records(radgradRun.stdout)).toEqual(records(lossGradient.stdout))
    expect(records(radgradRun.stdout)).toHaveLength(2)
  })

  test('a run without --json prints a line for each iteration, with the same numbers', async () => {
    const { stdout, stderr } = await radgradHere(...reacher('dagger', ...small))
    const told = parsed(dagger.stdout).map(({ iteration, queries, loss, lossSd }) =>
      [`iteration ${iteration}`, `queries ${queries}`, `loss ${loss.toFixed(2)} ± ${lossSd.toFixed(2)}`].join(' ')
    )
    const lines = stdout.replaceAll(/ +/g, ' ').trimEnd().split('\n')
    expect(lines.map((line) => line.replace(/ \d+\.\d s$/, ''))).toEqual(told)
    expect(stderr).toBe('')
  })

  test('supervised learning queries in every state, and random in fewer', async () => {
    const queriesOf = async (strategy: string) =>
      records((await radgradHere(...reacher(strategy, '--json', ...small))).stdout).map(({ queries }) => queries)
    expect(await queriesOf('supervised')).toEqual([100, 200])
    const random = await queriesOf('random')
    expect(random[0]).toBe(100)
    expect(random[1]).toBeGreaterThan(100)
    expect(random[1]).toBeLessThan(200)
  })

  test('a higher --rate makes a strategy query in more states, by whatever rule', async () => {
    const queried = async (strategy: string, rate: string) => {
      const { stdout } = await radgradHere(...reacher(strategy, '--rate', rate, '--json', ...small, '--episodes', '8'))
      const [first, second] = records(stdout).map(({ queries }) => queries)
      expect(first).toBe(400)
      return second - first
    }
    for (const strategy of ['random', 'crsail', 'loss-gradient']) {
      const [few, many] = [await queried(strategy, '0.05'), await queried(strategy, '0.8')]
      expect(few, strategy).toBeLessThan(100)
      expect(many, strategy).toBeGreaterThan(200)
    }
  }, 60_000)

  test('a run with --engine tensorflow gives finite numbers, other than those of the fused engine', async () => {
    const { code, stdout } = await radgradHere(...reacher('dagger', '--engine', 'tensorflow', '--json', ...small))
    expect(code).toBe(0)
    expect(records(stdout)).toHaveLength(2)
    for (const { loss, returns } of records(stdout)) expect([loss, ...returns].every(Number.isFinite)).toBe(true)
    expect(records(stdout)).not.toEqual(records(dagger.stdout))
  }, 60_000)
})

describe('--out', () => {
  test('the file of --out holds the printed lines, in a folder that is made, with nothing beside it', async () => {
    const place = join(await newFolder(), 'made')
    const { code, stdout } = await radgradHere(
      ...reacher('dagger', '--json', '--out', join(place, 'a.jsonl'), ...small)
    )
    expect(code).toBe(0)
    expect(parsed(stdout)).toHaveLength(2)
    expect(await readFile(join(place, 'a.jsonl'), 'utf8')).toBe(stdout)
    expect(await readdir(place)).toEqual(['a.jsonl'])
  })

  test('a file of --out that cannot be written is reported before the first iteration, and nothing is left of it', async () => {
    const place = await newFolder()
    await writeFile(join(place, 'file'), '')
    await mkdir(join(place, 'folder'))
    for (const out of [join(place, 'file', 'below'), join(place, 'folder')])
      expectTold(
        await radgradHere(...reacher('dagger', '--out', out, ...small)),
        /^radgrad: --out .* cannot be written: E/
      )
    expect((await readdir(place)).sort()).toEqual(['file', 'folder'])
  })
})

describe('--out at what is no regular file', () => {
  const shell = (script: string, place: string) =>
    outcome(
      spawn('bash', ['-c', script, 'bash', process.execPath, ...command, ...reacher('dagger', '--json', ...small)], {
        cwd: root,
        env: { ...process.env, place }
      })
    )

  test('a named pipe is given each line once, though its reader comes late, and stays a pipe', async () => {
    const place = await newFolder()
    const { code, stdout } = await shell(
      'mkfifo $place/pipe; (sleep 3; cat $place/pipe >$place/heard) & "$@" --out $place/pipe; code=$?; wait; exit $code',
      place
    )
    expect(code).toBe(0)
    expect(parsed(stdout)).toHaveLength(2)
    expect(await readFile(join(place, 'heard'), 'utf8')).toBe(stdout)
    expect((await lstat(join(place, 'pipe'))).isFIFO()).toBe(true)
    expect((await readdir(place)).sort()).toEqual(['heard', 'pipe'])
  })

  test('a process’s input, as bash writes >(…), is given each line once', async () => {
    const place = await newFolder()
    const { code, stdout } = await shell('"$@" --out >(cat >$place/heard); code=$?; wait $!; exit $code', place)
    expect(code).toBe(0)
    expect(parsed(stdout)).toHaveLength(2)
    expect(await readFile(join(place, 'heard'), 'utf8')).toBe(stdout)
  })

  test('a link is followed to its file and stays', async () => {
    const place = await newFolder()
    await symlink('file', join(place, 'link'))
    const { code, stdout } = await radgrad(...reacher('dagger', '--json', '--out', join(place, 'link'), ...small))
    expect(code).toBe(0)
    expect(await readFile(join(place, 'file'), 'utf8')).toBe(stdout)
    expect((await lstat(join(place, 'link'))).isSymbolicLink()).toBe(true)
    expect((await readdir(place)).sort()).toEqual(['file', 'link'])
  })

  test.skipIf(process.getuid?.() !== 0 && !process.env.RADGRAD_CI)(
    'a device is written to and stays, and one that is full is told (only root can make devices)',
    async () => {
      const place = await newFolder()
      const [none, full] = ['none', 'full'].map((name) => join(place, name))
      execFileSync('mknod', [none, 'c', '1', '3'])
      execFileSync('mknod', [full, 'c', '1', '7'])
      expect((await radgrad(...reacher('dagger', '--out', none, ...small))).code).toBe(0)
      const { code, stderr } = await radgrad(...reacher('dagger', '--out', full, ...small))
      expect(code).toBe(1)
      expect(stderr).toMatch(/^radgrad: --out .*full cannot be written: ENOSPC/)
      for (const path of [none, full]) expect((await lstat(path)).isCharacterDevice(), path).toBe(true)
      expect((await readdir(place)).sort()).toEqual(['full', 'none'])
    }
  )

  test('Ctrl-C ends the waiting for who reads a pipe', async () => {
    const pipe = join(await newFolder(), 'pipe')
    execFileSync('mkfifo', [pipe])
    const child = start(...reacher('dagger', '--out', pipe, ...small))
    const ended = outcome(child)
    await sleep(8000)
    expect(child.exitCode).toBe(null)
    child.kill('SIGINT')
    const { code, stdout, stderr } = await ended
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
    expect(stderr).toMatch(/^radgrad: interrupted;/)
  })
})

describe('invalid options of a run', () => {
  test.each([
    ['environment', 'walker', 'reacher, hopper'],
    ['strategy', 'asking', 'supervised, dagger, random'],
    ['engine', 'torch', 'fused, tensorflow']
  ])('a run with an unknown %s is refused with the choices', async (option, value, known) => {
    // the last of two counts
    expectTold(
      await radgradHere(...reacher('dagger', ...small, `--${option}`, value)),
      new RegExp(`--${option} .*'${value}' is invalid\\. Allowed choices are .*${known}`)
    )
  })

  test.each(
    ['iterations', 'episodes', 'trials', 'seed'].flatMap((option) =>
      ['-1', '1.5', 'x', '', ...(option === 'seed' ? [] : ['0'])].map((value) => [option, value])
    )
  )("a run with the invalid number --%s '%s' is refused", async (option, value) => {
    const from = option === 'seed' ? 0 : 1
    expectTold(
      await radgradHere(...reacher('dagger', `--${option}`, value)),
      new RegExp(`--${option} <n>' argument '${value}' is invalid\\. It must be a whole number from ${from} on`)
    )
  })

  test.each(['1', '-0.1', 'x', ''])("a run with the invalid share --rate '%s' is refused", async (value) => {
    expectTold(
      await radgradHere(...reacher('random', '--rate', value)),
      new RegExp(`--rate <share>' argument '${value}' is invalid\\. It must be from 0 to below 1`)
    )
  })

  test('a run with a --rate for a strategy that queries in every state is refused', async () => {
    expectTold(
      await radgradHere(...reacher('dagger', '--rate', '0.2')),
      /^radgrad: dagger queries in every state: it has no rate/
    )
  })

  test.each(['environment', 'strategy'])('a run without the option --%s is refused', async (missing) => {
    const given = { environment: 'reacher', strategy: 'dagger' }
    const rest = Object.entries(given).flatMap(([name, value]) => (name === missing ? [] : [`--${name}`, value]))
    expectTold(
      await radgrad('run', ...rest),
      new RegExp(`required option '--${missing} <name>' not specified\n\\(radgrad run --help `)
    )
  })

  test.each(['reacher', 'hopper'])('a run with a folder without an expert for %s is refused', async (environment) => {
    const experts = await newFolder()
    const pickle = join(experts, `${environment === 'reacher' ? 'Reacher' : 'Hopper'}-v2.pkl`)
    expectTold(
      await radgradHere(...run(environment, 'dagger', '--experts', experts, ...small)),
      new RegExp(`^radgrad: there is no expert for ${environment} in .*${pickle} and .*model\\.json`)
    )
  })

  test.each([
    ['a truncated pickle', Buffer.from('80027d710055', 'hex')],
    ['something else', Buffer.from('not a pickle')]
  ])('a run with an expert file that holds %s is refused', async (_, contents) => {
    const experts = await newFolder()
    await writeFile(join(experts, 'Reacher-v2.pkl'), contents)
    expectTold(
      await radgradHere(...reacher('dagger', '--experts', experts, ...small)),
      /^radgrad: .*Reacher-v2\.pkl is not one of Berkeley's experts: /
    )
  })
})

test.skipIf(!berkeley)(
  'Hopper runs with Berkeley’s expert (skipped without RADGRAD_BERKELEY_EXPERTS)',
  async () => {
    const few = ['--iterations', '1', '--episodes', '1', '--trials', '2', '--json']
    const { code, stdout, stderr } = await radgradHere(
      ...['run', '--environment', 'hopper', '--strategy', 'dagger', '--experts', String(berkeley), ...few]
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [{ queries, loss, returns }] = records(stdout)
    expect(queries).toBeGreaterThan(0)
    expect([loss, ...returns].every(Number.isFinite)).toBe(true)
  },
  60_000
)

describe('stopping', () => {
  const interrupted = 'radgrad: interrupted; what was printed and saved is complete\n'

  test('Ctrl-C ends a run after a few iterations, and the lines printed and saved are complete', async () => {
    const place = await newFolder()
    const child = start(...reacher('dagger', '--iterations', '1000', '--json', '--out', join(place, 'a.jsonl')))
    const ended = outcome(child)
    let lines = 0
    await new Promise<void>((resolve) => {
      child.stdout.on('data', () => {
        if (++lines === 2) resolve()
      })
    })
    const asked = performance.now()
    child.kill('SIGINT')
    const { code, stdout, stderr } = await ended
    expect(performance.now() - asked).toBeLessThan(15_000)
    expect({ code, stderr }).toEqual({ code: 130, stderr: interrupted })
    expect(parsed(stdout).length).toBeGreaterThanOrEqual(2)
    expect(await readFile(join(place, 'a.jsonl'), 'utf8')).toBe(stdout)
    expect(await readdir(place)).toEqual(['a.jsonl'])
  })

  test('Ctrl-C ends a run during the trials of the expert', async () => {
    const out = join(await newFolder(), 'a.jsonl')
    const long = ['--iterations', '1', '--episodes', '1', '--trials', '10000']
    const child = start(...reacher('dagger', '--out', out, ...long))
    const ended = outcome(child)
    while (!existsSync(out)) await sleep(20)
    await sleep(1500) // far more than one episode and learning from it take
    const asked = performance.now()
    child.kill('SIGINT')
    expect(await ended).toEqual({ code: 130, stdout: '', stderr: interrupted })
    expect(performance.now() - asked).toBeLessThan(15_000)
    expect(await readFile(out, 'utf8')).toBe('')
  })

  test('a reader that closes the output ends a run without a failure', async () => {
    const child = start(...reacher('dagger', '--iterations', '1000', '--episodes', '1', '--trials', '1'))
    child.stdout.once('data', () => child.stdout.destroy())
    let said = ''
    child.stderr.on('data', (text) => {
      said += text
    })
    const [code] = (await once(child, 'close')) as [number]
    expect({ code, said }).toEqual({ code: 0, said: '' })
  })
})

describe('on a terminal', () => {
  const three = reacher('dagger', '--iterations', '3', '--episodes', '2', '--trials', '5')

  test('a run on a terminal has a progress bar with the time left below the lines, until it ends', async () => {
    const { code, stdout, stderr } = await radgradOnTerminal('both', ...three)
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toMatch(/reacher dagger ░{16} 0 of 3 iterations, \d+s gone, \? left/)
    expect(stderr).toMatch(/3 of 3 iterations, \d+s gone, 0s left/)
    const shown = screen(stderr)
    expect(shown).toHaveLength(3)
    shown.forEach((line, i) => {
      expect(line).toMatch(new RegExp(`^iteration  ${i + 1}   queries    ${i + 1}00   loss \\S+ ± \\S+   \\S+ s$`))
    })
  })

  test('a run with only its errors on a terminal writes plain lines to the output, and the progress bar to the terminal alone', async () => {
    const { stdout, stderr } = await radgradOnTerminal('stderr', ...three, '--json')
    expect(parsed(stdout).map(({ iteration }) => iteration)).toEqual([1, 2, 3])
    expect(stderr).toContain('3 of 3 iterations')
    expect(screen(stderr)).toEqual([])
  })
})

/** The real command, in a process of its own. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { expectTold, newFolder, type Outcome, outcome, radgrad, radgradOnTerminal, screen, start } from './radgrad'

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

describe('what is printed', () => {
  let dagger: Outcome
  beforeAll(async () => {
    dagger = await radgrad(...reacher('dagger', '--seed', '1', '--json', ...small))
  })

  test('with --json is an object a line, and nothing else', () => {
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

  test('is the same for the same seed, to the last bit, but for the seconds; another seed gives another', async () => {
    const [again, other] = await Promise.all([
      radgrad(...reacher('dagger', '--json', ...small)),
      radgrad(...reacher('dagger', '--seed', '2', '--json', ...small))
    ])
    expect(records(again.stdout)).toEqual(records(dagger.stdout))
    expect(records(other.stdout)).toHaveLength(2)
    expect(records(other.stdout)[0].returns).not.toEqual(records(dagger.stdout)[0].returns)
  })

  test('calls the paper’s algorithm by its name, too', async () => {
    const [radgradRun, lossGradient] = await Promise.all(
      ['radgrad', 'loss-gradient'].map((strategy) => radgrad(...reacher(strategy, '--json', ...small)))
    )
    expect(records(radgradRun.stdout)).toEqual(records(lossGradient.stdout))
    expect(records(radgradRun.stdout)).toHaveLength(2)
  })

  test('without --json is a line an iteration, with the same numbers', async () => {
    const { stdout, stderr } = await radgrad(...reacher('dagger', ...small))
    const told = parsed(dagger.stdout).map(({ iteration, queries, loss, lossSd }) =>
      [`iteration ${iteration}`, `queries ${queries}`, `loss ${loss.toFixed(2)} ± ${lossSd.toFixed(2)}`].join(' ')
    )
    const lines = stdout.replaceAll(/ +/g, ' ').trimEnd().split('\n')
    expect(lines.map((line) => line.replace(/ \d+\.\d s$/, ''))).toEqual(told)
    expect(stderr).toBe('')
  })

  test('shows that supervised learning asks in every state, and random in fewer', async () => {
    const [supervised, random] = await Promise.all(
      ['supervised', 'random'].map(async (strategy) => {
        const { stdout } = await radgrad(...reacher(strategy, '--json', ...small))
        return records(stdout).map(({ queries }) => queries)
      })
    )
    expect(supervised).toEqual([100, 200])
    expect(random[0]).toBe(100)
    expect(random[1]).toBeGreaterThan(100)
    expect(random[1]).toBeLessThan(200)
  })

  test('with --rate asks in the more states the higher it is, by whatever rule', async () => {
    const asked = async (strategy: string, rate: string) => {
      const { stdout } = await radgrad(...reacher(strategy, '--rate', rate, '--json', ...small, '--episodes', '8'))
      const [first, second] = records(stdout).map(({ queries }) => queries)
      expect(first).toBe(400)
      return second - first
    }
    for (const strategy of ['random', 'crsail', 'loss-gradient']) {
      const [few, many] = [await asked(strategy, '0.05'), await asked(strategy, '0.8')]
      expect(few, strategy).toBeLessThan(100)
      expect(many, strategy).toBeGreaterThan(200)
    }
  }, 60_000)

  test('with --engine tensorflow is finite, and not what the fused engine gives', async () => {
    const { code, stdout } = await radgrad(...reacher('dagger', '--engine', 'tensorflow', '--json', ...small))
    expect(code).toBe(0)
    expect(records(stdout)).toHaveLength(2)
    for (const { loss, returns } of records(stdout)) expect([loss, ...returns].every(Number.isFinite)).toBe(true)
    expect(records(stdout)).not.toEqual(records(dagger.stdout))
  }, 60_000)
})

describe('--out', () => {
  test('holds the lines that are printed, in a folder that is made, with nothing beside it', async () => {
    const place = join(await newFolder(), 'made')
    const { code, stdout } = await radgrad(...reacher('dagger', '--json', '--out', join(place, 'a.jsonl'), ...small))
    expect(code).toBe(0)
    expect(parsed(stdout)).toHaveLength(2)
    expect(await readFile(join(place, 'a.jsonl'), 'utf8')).toBe(stdout)
    expect(await readdir(place)).toEqual(['a.jsonl'])
  })

  test('that cannot be written is told before the first iteration, and leaves nothing', async () => {
    const place = await newFolder()
    await writeFile(join(place, 'file'), '')
    await mkdir(join(place, 'folder'))
    for (const out of [join(place, 'file', 'below'), join(place, 'folder')])
      expectTold(await radgrad(...reacher('dagger', '--out', out, ...small)), /^radgrad: --out .* cannot be written: E/)
    expect((await readdir(place)).sort()).toEqual(['file', 'folder'])
  })
})

describe('what is wrong is told', () => {
  test.each([
    ['environment', 'walker', 'reacher, hopper'],
    ['strategy', 'asking', 'supervised, dagger, random'],
    ['engine', 'torch', 'fused, tensorflow']
  ])('in the %s', async (option, value, known) => {
    // the last of two counts
    expectTold(
      await radgrad(...reacher('dagger', ...small, `--${option}`, value)),
      new RegExp(`--${option} .*'${value}' is invalid\\. Allowed choices are .*${known}`)
    )
  })

  test.each(
    ['iterations', 'episodes', 'trials', 'seed'].flatMap((option) =>
      ['-1', '1.5', 'x', '', ...(option === 'seed' ? [] : ['0'])].map((value) => [option, value])
    )
  )("in the number --%s '%s'", async (option, value) => {
    const from = option === 'seed' ? 0 : 1
    expectTold(
      await radgrad(...reacher('dagger', `--${option}`, value)),
      new RegExp(`--${option} <n>' argument '${value}' is invalid\\. It must be a whole number from ${from} on`)
    )
  })

  test.each(['1', '-0.1', 'x', ''])("in the share --rate '%s'", async (value) => {
    expectTold(
      await radgrad(...reacher('random', '--rate', value)),
      new RegExp(`--rate <share>' argument '${value}' is invalid\\. It must be from 0 to below 1`)
    )
  })

  test('in a rate for what asks everywhere', async () => {
    expectTold(
      await radgrad(...reacher('dagger', '--rate', '0.2')),
      /^radgrad: dagger asks in every state: it has no rate/
    )
  })

  test.each(['environment', 'strategy'])('in a missing --%s', async (missing) => {
    const given = { environment: 'reacher', strategy: 'dagger' }
    const rest = Object.entries(given).flatMap(([name, value]) => (name === missing ? [] : [`--${name}`, value]))
    expectTold(
      await radgrad('run', ...rest),
      new RegExp(`required option '--${missing} <name>' not specified\n\\(radgrad run --help `)
    )
  })

  test.each(['reacher', 'hopper'])('in a folder without an expert for %s', async (environment) => {
    const experts = await newFolder()
    const pickle = join(experts, `${environment === 'reacher' ? 'Reacher' : 'Hopper'}-v2.pkl`)
    expectTold(
      await radgrad(...run(environment, 'dagger', '--experts', experts, ...small)),
      new RegExp(`^radgrad: there is no expert for ${environment} in .*${pickle} and .*model\\.json`)
    )
  })

  test.each([
    ['a truncated pickle', Buffer.from('80027d710055', 'hex')],
    ['something else', Buffer.from('not a pickle')]
  ])('in an expert that is %s', async (_, contents) => {
    const experts = await newFolder()
    await writeFile(join(experts, 'Reacher-v2.pkl'), contents)
    expectTold(
      await radgrad(...reacher('dagger', '--experts', experts, ...small)),
      /^radgrad: .*Reacher-v2\.pkl is not one of Berkeley's experts: /
    )
  })
})

test.skipIf(!berkeley)(
  'Hopper runs with Berkeley’s expert (skipped without RADGRAD_BERKELEY_EXPERTS)',
  async () => {
    const few = ['--iterations', '1', '--episodes', '1', '--trials', '2', '--json']
    const { code, stdout, stderr } = await radgrad(
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

  test('by Ctrl-C after a few iterations: what was printed and saved is complete', async () => {
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

  test('by Ctrl-C while the expert is tried', async () => {
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

  test('by a reader that has seen enough is no failure', async () => {
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

  test('a bar with the time left is drawn below the lines, and is gone in the end', async () => {
    const { code, stdout, stderr } = await radgradOnTerminal('both', ...three)
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toMatch(/reacher dagger ░{16} 0 of 3 iterations, 0:0\d gone(?!,)/)
    expect(stderr).toMatch(/3 of 3 iterations, 0:0\d gone, about 0:00 left/)
    const shown = screen(stderr)
    expect(shown).toHaveLength(3)
    shown.forEach((line, i) => {
      expect(line).toMatch(new RegExp(`^iteration  ${i + 1}   queries    ${i + 1}00   loss \\S+ ± \\S+   \\S+ s$`))
    })
  })

  test('that has only the errors, lines go to the output as they are, and the bar does not', async () => {
    const { stdout, stderr } = await radgradOnTerminal('stderr', ...three, '--json')
    expect(parsed(stdout).map(({ iteration }) => iteration)).toEqual([1, 2, 3])
    expect(stderr).toContain('3 of 3 iterations')
    expect(screen(stderr)).toEqual([])
  })
})

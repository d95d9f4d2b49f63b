/** The page on which the reader is the expert: its hand, its lessons, and a round in a browser. */
import 'radgrad-tools/host' // of the built library, which the tools import
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { transformSync } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { imitate, participantsOf } from '../lib/algorithm'
import type { Expert } from '../lib/networks'
import { decodeRecord } from '../lib/record'
import { firstDifference } from '../tools/difference.ts'
import { takePages } from '../tools/live/build.ts'
import { bundleExtension } from '../tools/live/bundle.ts'
import { serve } from '../tools/live/serve.ts'
import { decodeLesson, encodeLesson } from '../tools/live/teach/file.ts'
import { type Point, pointsOf, torques } from '../tools/live/teach/hand.ts'
import type { Answer, Lesson } from '../tools/live/teach/lesson.ts'
import type { FromWorker } from '../tools/live/teach/messages.ts'
import { createPlayer, type Hand, times, type View } from '../tools/live/teach/player.ts'
import { protocolOf, replay, teach } from '../tools/live/teach/session.ts'
import { findChromium, launchChromium } from '../tools/pictures/chromium.ts'
import { encodeRecord } from '../tools/record.ts'
import { inRoot } from '../tools/setup/root.mjs'
import { startKernel } from './notebooks/kernel'

const minutes = 60_000
const atTarget = (state: ArrayLike<number>): Answer => ({ hand: [state[4], state[5]], late: false })
/** A lesson of three episodes. */
const shorter = async (strategy: Parameters<typeof protocolOf>[0]) => {
  const protocol = await protocolOf(strategy)
  return { ...protocol, iterations: 3, trials: 4, fit: { ...protocol.fit, epochs: 10 } }
}

describe('the hand', () => {
  const state = (q0: number, q1: number, velocities: Point = [0, 0]): number[] => {
    const [c, s] = [Math.cos, Math.sin]
    return [c(q0), c(q1), s(q0), s(q1), 0.1, 0.05, ...velocities, 0, 0, 0]
  }

  test('the hand at the tip of an arm at rest gives no torque, and brakes a moving one; an elbow bent the other way is bent over', () => {
    for (const [q0, q1] of [
      [0.3, 1],
      [2, 1.5],
      [-3, 2.5]
    ]) {
      const { tip } = pointsOf(state(q0, q1))
      for (const torque of torques(state(q0, q1), tip)) expect(torque).toBeCloseTo(0, 6)
      for (const torque of torques(state(q0, q1, [1, 1]), tip)) expect(torque).toBeLessThan(0)
    }
    const bent = state(0.3, -1)
    expect(torques(bent, pointsOf(bent).tip)[1]).toBeGreaterThan(0)
  })

  test('torques are finite and within the motors’ range wherever the hand shows', () => {
    for (const hand of [
      [0, 0],
      [5, -5],
      [0.01, 0],
      [-0.21, 0],
      [0.1, 0.05]
    ] as const)
      for (const torque of torques(state(0, 0), hand)) expect(Math.abs(torque)).toBeLessThanOrEqual(1)
  })

  test('who shows the target throughout has the tip there within an episode', async () => {
    const { environment } = await participantsOf(await shorter('dagger'))
    for (const target of [
      [0.15, 0],
      [-0.1, 0.1],
      [0.02, -0.18],
      [-0.03, 0.02]
    ]) {
      const episode = environment.resetTo([{ qpos: [0.05, 0.05, ...target], qvel: [0, 0, 0, 0] }])
      while (episode.running.length > 0)
        episode.step([0], torques(episode.observations, [episode.observations[4], episode.observations[5]]))
      expect(environment.succeeds?.(episode.observations), String(target)).toBe(true)
    }
  })
})

describe('a lesson', () => {
  test('a lesson asks as the library alone does of an expert with the same answers, has its numbers, and tells why it asks and what the reader’s own episode returns', async () => {
    for (const strategy of ['dagger', 'loss-gradient'] as const) {
      const protocol = await shorter(strategy)
      const visits: number[][] = []
      const owns: number[] = []
      const { answers, record } = await teach(protocol, 3, 'test', {
        ask: ({ state }) => atTarget(state),
        visit: (_, iteration, step) => visits.push([iteration, step]),
        learned: (_, own) => owns.push(own)
      })
      const participants = await participantsOf(protocol)
      const expert: Expert = { inputs: 11, outputs: 2, predict: (states) => torques(states, atTarget(states).hand) }
      const { expertReturns: returns } = record.outcome
      const alone = []
      for await (const iteration of imitate(
        { ...participants, expert, expertReturns: Float64Array.from(returns) },
        protocol,
        3
      ))
        alone.push(iteration.record)
      expect(record.outcome.iterations).toEqual(alone)
      expect(answers).toHaveLength(alone[2].queries)
      for (const { iteration, rules } of alone)
        for (const { reason, queried } of rules)
          expect(
            answers.filter((answer) => answer.iteration === iteration && answer.reasons.includes(reason))
          ).toHaveLength(queried)
      for (const { iteration, reasons, scores } of answers) {
        expect(Object.keys(scores)).toEqual(strategy === 'dagger' || iteration === 1 ? [] : reasons)
        for (const [score, threshold] of Object.values(scores)) expect(score).toBeGreaterThanOrEqual(threshold)
      }
      // the reward of Reacher, of the reader's own episode
      const rewards = answers
        .filter(({ iteration }) => iteration === 1)
        .map(({ state, action: [a, b] }) => -Math.hypot(state[8], state[9]) - a * a - b * b)
      for (const own of owns)
        expect(own).toBeCloseTo(
          rewards.reduce((sum, reward) => sum + reward, 0),
          3
        )
      expect(owns).toHaveLength(3)
      expect(visits).toEqual(
        [1, 2, 3].flatMap((iteration) => Array.from({ length: 51 }, (_, step) => [iteration, step]))
      )
    }
  })

  test('the file of a lesson is computed again to the last bit, and one with another digit is refused', async () => {
    const lesson = await teach(await shorter('random'), 1, 'here', { ask: ({ state }) => atTarget(state) })
    const text = encodeLesson(lesson)
    const { given, again } = await replay(text, 'there')
    expect(given).toEqual(lesson)
    expect(firstDifference(again.record.outcome, lesson.record.outcome)).toBe(undefined)
    expect(firstDifference(again.record.protocol, lesson.record.protocol)).toBe(undefined)
    expect(await decodeRecord(encodeRecord(lesson.record))).toEqual(lesson.record)
    const [first] = lesson.answers
    const changed = { ...lesson, answers: [{ ...first, action: [0.5, 0.5] }, ...lesson.answers.slice(1)] }
    await expect(decodeLesson(encodeLesson(changed))).rejects.toThrow('its answers are not those of its record')
    await expect(decodeLesson('{"a": 1}')).rejects.toThrow('it is no lesson')
    await expect(decodeLesson('a')).rejects.toThrow('it is no lesson')
  })
})

test(
  'radgrad verify computes the file again, and so does the code of docs/live.md',
  async () => {
    await mkdir('out', { recursive: true })
    const folder = await mkdtemp('out/lesson-') // inside the checkout, to find the library
    onTestFinished(() => rm(folder, { recursive: true }))
    const lesson = await teach(await shorter('random'), 1, 'here', { ask: ({ state }) => atTarget(state) })
    await writeFile(join(folder, 'lesson.json'), encodeLesson(lesson))
    const node = (...given: string[]) =>
      spawnSync(process.execPath, ['--require', resolve('tools/setup/node-compat.cjs'), ...given], {
        cwd: folder,
        encoding: 'utf8'
      })
    const count = lesson.answers.length
    const verified = node(resolve('tools/bin/radgrad.js'), 'verify', '--lesson', 'lesson.json')
    expect(verified.stdout).toBe(`lesson.json: the same to the last bit, from ${count} answers\n`)

    const [, code] = /^```ts\n([\s\S]*?)```/m.exec(await readFile('docs/live.md', 'utf8')) ?? []
    const settings = { extends: '../../notebooks/tsconfig.json', include: ['docs.ts'] }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings))
    await writeFile(join(folder, 'docs.ts'), code)
    expect(node(resolve('node_modules/typescript/bin/tsc'), '-p', '.').stdout).toBe('')
    const runnable = transformSync(code, { loader: 'ts' }).code
    await writeFile(join(folder, 'docs.mjs'), `import 'radgrad-tools/host'\n${runnable}`)
    const { stdout, stderr } = node('docs.mjs')
    expect(stderr).toBe('')
    expect(stdout.split('\n').filter((line) => /^\d/.test(line))).toEqual(['1 true', '2 true', '3 true'])
  },
  2 * minutes
)

describe('the film', () => {
  const state = (x: number) => [1, 1, 0, 0, x, 0, 0, 0, 0, 0, 0]
  const visit = (step: number): FromWorker => ({
    type: 'visit',
    iteration: 1,
    step,
    state: state(step),
    replayed: false
  })
  const ask: FromWorker = { type: 'ask', reasons: ['always'] }
  const held: Hand = { point: [0.1, 0], held: true }
  const idle: Hand = { point: [0.1, 0], held: false }

  /** Plays frames of 10 ms with a worker that asks in every state. */
  function film() {
    const answers: (Answer & { readonly at: number })[] = []
    let [now, step] = [0, 0]
    const player = createPlayer(
      (answer) => {
        answers.push({ ...answer, at: now })
        player.hear(visit(++step))
        player.hear(ask)
      },
      () => {}
    )
    player.hear(visit(0))
    player.hear(ask)
    return {
      answers,
      pause: player.pause,
      play(ms: number, hand: Hand, limited = true): View {
        for (const end = now + ms; now < end; now += 10) player.frame(now, hand, limited, false)
        return player.frame(now, hand, limited, false)
      }
    }
  }

  test('questions flow at an even pace while the reader presses', () => {
    const { play, answers } = film()
    play(times.rest + 20 * times.pace, held)
    const gaps = answers.slice(1).map(({ at }, i) => at - answers[i].at)
    expect(gaps.length).toBeGreaterThan(15)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(times.pace + 10)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(times.pace - 10)
  })

  test('the world waits for the first answer as long as it takes, then a limit of time has the last place stand for one', () => {
    const { play, answers } = film()
    expect(play(60_000, idle).left).toBe(undefined)
    expect(answers).toEqual([])
    play(20, held)
    play(times.limit / 2, { point: [0.2, 0.2], held: false })
    expect(answers).toHaveLength(1)
    play(times.limit, { point: [0.2, 0.2], held: false })
    expect(answers.map(({ hand, late }) => [hand, late])).toEqual([
      [[0.1, 0], false],
      [[0.1, 0], true]
    ])
  })

  test('three answers by the clock in a row have the world wait, and so does a page that is hidden', () => {
    const { play, answers, pause } = film()
    play(times.rest + 50, held)
    const byHand = answers.length
    play(60_000, idle)
    expect(answers.slice(byHand).map(({ late }) => late)).toEqual([true, true, true])
    play(50, held)
    pause()
    play(60_000, idle)
    expect(answers.filter(({ late }) => late)).toHaveLength(3)
  })

  test('the learner is in training after the last state of an episode, not where a state is late', () => {
    const player = createPlayer(
      () => {},
      () => {}
    )
    const isLearning = (now: number) => player.frame(now, idle, true, false).learning
    player.hear(visit(49))
    expect([0, 2000].map(isLearning)).toEqual([false, false])
    player.hear(visit(50))
    expect([2010, 4000].map(isLearning)).toEqual([false, true])
    player.hear(visit(0))
    expect(isLearning(4010)).toBe(false)
  })

  test('without a limit the clock never answers', () => {
    const { play, answers } = film()
    play(times.rest + 50, held, false)
    const byHand = answers.length
    expect(play(60_000, idle, false).asking).toEqual(['always'])
    expect(answers).toHaveLength(byHand)
  })
})

const needless = !findChromium() && !process.env.RADGRAD_CI

describe.skipIf(needless)('in a browser (needs Chromium on the PATH)', () => {
  let site: Awaited<ReturnType<typeof serve>>
  let folder: string
  let browser: Browser
  beforeAll(async () => {
    folder = await mkdtemp(inRoot('out/teach-'))
    const below = join(folder, 'below')
    await takePages(below)
    await bundleExtension(join(below, 'extensions/@radgrad/live'))
    site = await serve(folder)
    browser = await launchChromium()
  }, 3 * minutes)
  afterAll(async () => {
    await browser?.close()
    site?.server.closeAllConnections()
    site?.server.close()
    await rm(folder, { recursive: true })
  })

  async function open(options: Parameters<Browser['newContext']>[0] = {}) {
    const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options })
    onTestFinished(() => context.close())
    // the film runs thrice as fast as for a person
    await context.addInitScript(() => {
      const onFrame = requestAnimationFrame.bind(window)
      window.requestAnimationFrame = (draw) => onFrame((now) => draw(3 * now))
    })
    const page = await context.newPage()
    page.setDefaultTimeout(2 * minutes)
    const complaints: string[] = []
    page.on('pageerror', ({ message }) => complaints.push(message))
    page.on('request', (request) => {
      if (!request.url().startsWith(site.address)) complaints.push(request.url())
    })
    await page.goto(`${site.address}below/teach.html`)
    return { page, complaints }
  }

  const questions = async (page: Page): Promise<number> => Number.parseInt(await page.locator('#total').innerText(), 10)
  const download = async (page: Page): Promise<Lesson & { readonly text: string }> => {
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: /^Download/ }).click()
    const text = await readFile(await (await downloading).path(), 'utf8')
    return { ...(await decodeLesson(text)), text }
  }

  /** Holds the pointer on the target, wherever that goes, until `done`. */
  async function steer(page: Page, done: () => Promise<boolean>): Promise<void> {
    let down = false
    while (!(await done())) {
      const words = await page.locator('#words').innerText()
      const [, x, toX, y, toY] = /^Target: ([\d.]+) cm (\w+), ([\d.]+) cm (\w+)/.exec(words) ?? []
      const box = await page.locator('#hand').boundingBox()
      if (!x || !box) continue
      const place = (centimetres: string, sign: number) => (sign * Number(centimetres)) / 47 // the square shows 47 cm
      await page.mouse.move(
        box.x + box.width * (0.5 + place(x, toX === 'left' ? -1 : 1)),
        box.y + box.height * (0.5 - place(y, toY === 'down' ? -1 : 1))
      )
      if (!down) await page.mouse.down()
      down = true
      await page.waitForTimeout(20)
    }
    await page.mouse.up()
  }

  /** Executes a lesson's notebook in the real kernel. Returns the records that it computes. */
  async function execute(text: string): Promise<unknown> {
    const { cells } = JSON.parse(text) as { cells: { cell_type: string; source: string }[] }
    const code = cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => source)
    const kernel = startKernel()
    onTestFinished(kernel.stop)
    const said: string[] = []
    for (const cell of [...code, 'console.log(JSON.stringify(records))']) {
      const { status, printed } = await kernel.execute(cell)
      expect(status, printed).toBe('ok')
      said.push(printed)
    }
    const [, same, queries, records] = said
    expect(same).toContain('the same to the last bit')
    expect(queries.trim().split('\n')).toHaveLength(4)
    return JSON.parse(records)
  }

  test(
    'a round that is left in the middle goes on and ends with a file and a notebook, from which Node computes its record again, to the last bit',
    async () => {
      const { page, complaints } = await open()
      await page.check('input[value="safedagger"]')
      await page.click('text=Begin a round')
      await steer(page, async () => (await questions(page)) >= 55)
      const answered = await questions(page)
      await page.reload()
      const left = await page.locator('#left-words').innerText()
      const [, kept] = /^You left a round of SafeDAgger after (\d+) answers:$/.exec(left) ?? []
      expect(Number(kept)).toBeGreaterThanOrEqual(answered)
      await page.click('text=Go on')
      await steer(page, async () => /has ended/.test(await page.locator('#status').innerText()))
      const { answers, record, text } = await download(page)
      expect(answers.length).toBeGreaterThan(Number(kept))
      expect(record.outcome.iterations).toHaveLength(20)
      expect(await page.locator('#rounds-body tr').allInnerTexts()).toEqual([
        expect.stringContaining(
          `1 SafeDAgger, seed 1\t${answers.length}\t50: episode 1, ${answers.length - 50}: predicted risk high\t`
        )
      ])
      const { again } = await replay(text, 'Node')
      expect(firstDifference(again.record.outcome, record.outcome)).toBe(undefined)
      expect(again.record.protocol).toEqual(record.protocol)
      // a hand at the target teaches something
      const { iterations } = record.outcome
      expect(iterations[iterations.length - 1].loss).toBeLessThan(iterations[0].loss)

      // the same answers, in another reader's browser, which keeps no more: the file is not lost
      const hands = answers.map(({ hand, late }) => ({ hand, late }))
      const round = { id: 1, strategy: 'safedagger', seed: 1, answers: hands }
      const full = await open()
      await full.page.evaluate((kept) => {
        localStorage.setItem('radgrad-teach-1', kept)
        for (let length = 4_000_000, i = 0; length > 500; i++)
          try {
            localStorage.setItem(`full-${i}`, 'x'.repeat(length))
          } catch {
            length /= 2
          }
      }, JSON.stringify(round))
      await full.page.reload()
      const downloading = full.page.waitForEvent('download')
      await full.page.click('text=Go on')
      const file = await readFile(await (await downloading).path(), 'utf8')
      expect(firstDifference((await decodeLesson(file)).record.outcome, record.outcome)).toBe(undefined)
      expect(await full.page.locator('#warning').innerText()).toMatch(/was downloaded, for this browser keeps no more/)

      // the notebook, downloaded, in JupyterLab's kernel
      await page.getByRole('button', { name: /^Notebook/ }).click()
      await page.waitForURL(/[?]notebook=/)
      const notebook = await page.evaluate(async () => {
        const kept = await caches.match(new URL(location.href).searchParams.get('notebook') ?? '')
        return (await kept?.text()) ?? ''
      })
      expect(await execute(notebook)).toEqual(record.outcome.iterations)
      expect([...complaints, ...full.complaints]).toEqual([])
    },
    8 * minutes
  )

  test(
    'the arrow keys answer too, on a page no wider than a telephone, while the page draws on',
    async () => {
      const { page, complaints } = await open({ viewport: { width: 400, height: 800 }, reducedMotion: 'reduce' })
      await page.check('input[value="dagger"]')
      await page.click('text=Begin a round')
      await page.locator('#status', { hasText: 'Press where' }).waitFor()
      await page.keyboard.down('ArrowUp')
      await expect.poll(() => questions(page)).toBeGreaterThan(20)
      await page.keyboard.up('ArrowUp')
      expect(await page.locator('#words').innerText()).toMatch(/Tip: [\d.]+ cm \w+, [\d.]+ cm up/)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400)
      expect(complaints).toEqual([])
    },
    2 * minutes
  )
})

/** The page on which the reader is the expert. */
import type { IterationRecord } from 'radgrad'
import { drawOn } from './arm.ts'
import { createAsked } from './asked.ts'
import { trialsChart } from './charts.ts'
import { type Point, pointsOf } from './hand.ts'
import { listenTo } from './input.ts'
import { type Answered, changes, expectedQuestions, type Lesson, type Strategy } from './lesson.ts'
import type { FromWorker } from './messages.ts'
import { element, site } from './page-elements.ts'
import type { View } from './player.ts'
import { beginRound } from './round.ts'
import { showRounds } from './rounds.ts'
import { forget, keptRounds, type Round } from './store.ts'
import { countsByReason, inWords } from './why.ts'
import { colourOf, describe, titleOf } from './words.ts'

const place = element('hand', HTMLElement)
const { draw, placeOf } = drawOn(element('arm', HTMLCanvasElement))
const handOf = listenTo(place, placeOf)
const showAsked = createAsked()
const [status, words, warning] = ['status', 'words', 'warning'].map((id) => element(id, HTMLElement))
const limit = element('limit', HTMLInputElement)
const calm = matchMedia('(prefers-reduced-motion: reduce)')
/** An arm at rest, before there is one. */
const atRest = [1, 1, 0, 0, 0.1, 0.13, 0, 0, 0, 0, 0]

let running: ReturnType<typeof beginRound> | undefined
let answers: Answered[] = []
let records: IterationRecord[] = []
let last: View['next']
let trail: Point[] = []

/** Says a sentence in a place, once: readers of the screen hear it. */
const sayIn = (place: HTMLElement) => (sentence: string) => {
  if (place.textContent !== sentence) place.textContent = sentence
}
const say = sayIn(status)
/** Says what is wrong with this browser, which stands until the next round. */
const warn = sayIn(warning)

function begin(round: Round): void {
  running?.stop()
  warn('')
  ;[answers, records, trail] = [[], [], []]
  const begun = beginRound(round, site, hear, warn)
  running = begun
  abandoned.hidden = true
  showCourse(round.strategy)
  say(round.answers.length > 0 ? 'It learns again from what you have answered …' : 'The physics is being fetched …')
  place.focus({ preventScroll: true })
  status.scrollIntoView({ behavior: calm.matches ? 'auto' : 'smooth' })
  requestAnimationFrame(function loop(now) {
    if (running !== begun) return // another has begun
    frame(now, begun)
    requestAnimationFrame(loop)
  })
}

function hear(message: FromWorker): void {
  if (message.type === 'answered') {
    answers.push(message.answer)
    showCounts()
  }
  if (message.type === 'learned' && running) {
    records.push(message.record)
    showCourse(running.strategy, message.expertReturns, message.own)
  }
  if (message.type === 'failed') end(`It cannot go on: ${message.message}. What you answered is kept: reload the page.`)
  if (message.type === 'ended') {
    end('The round has ended. Now let another strategy ask, with the same seed.')
    showRounds(review)
  }
}

function end(sentence: string): void {
  if (running) showAsked(running.strategy, answers)
  running = undefined
  draw({ state: last ?? atRest })
  say(sentence)
  offerToGoOn()
}

function review({ strategy, lesson }: { strategy: Strategy; lesson: Lesson }): void {
  showAsked(strategy, lesson.answers)
  element('asked-part', HTMLElement).scrollIntoView({ block: 'nearest' })
}

function frame(now: number, round: ReturnType<typeof beginRound>): void {
  const { strategy } = round
  const hand = handOf(pointsOf(last ?? atRest).tip)
  const view = round.frame(now, hand, limit.checked, calm.matches)
  if (!running) return // it has ended within this frame
  const { state, next, asking, answered, left } = view
  if (state && next) {
    if (next !== last) arrive(next, view.iteration)
    last = next
    const shown = asking || hand.held ? hand.point : undefined
    draw({ state, hand: shown, asking: asking !== undefined || answered, left, trail, colour: colourOf(strategy) })
    say(sentenceFor(view, hand.held, strategy))
  }
}

let shownIteration = 0
function arrive(state: readonly number[], iteration: number): void {
  if (iteration !== shownIteration) trail = []
  shownIteration = iteration
  trail = [...trail.slice(-15), pointsOf(state).tip]
  words.textContent = describe(state)
}

/** Says what is going on. It changes seldom while questions flow. */
function sentenceFor({ iteration, asking, learning }: View, held: boolean, strategy: Strategy): string {
  const episode = `${titleOf(strategy)}, episode ${iteration} of ${changes.iterations}`
  if (learning) return `${episode}: it learns from ${answers.length} answers …`
  const why = iteration === 1 ? 'you act' : `it asks (${inWords(asking ?? [])})`
  if (asking && !held) return `${episode}: ${why}. Press where the tip should go, and hold.`
  if (answers.length >= changes.budget)
    return `${episode}: its ${changes.budget} questions are spent; watch it act alone.`
  if (iteration === 1) return `${episode}: you act.`
  if (strategy === 'dagger') return `${episode}: you show, it acts.`
  return `${episode}: ${asking || held ? 'where it asks, you act' : 'it acts'}.`
}

function showCounts(): void {
  if (!running) return
  const { strategy } = running
  const expected = expectedQuestions(strategy)
  const total = `${answers.length} ${answers.length === 1 ? 'question' : 'questions'}`
  element('total', HTMLElement).textContent = `${total}, of ${strategy === 'dagger' ? '' : 'about '}${expected}`
  const rows = countsByReason(answers).map(([count, words]) => {
    const row = document.createElement('li')
    row.textContent = `${count}: ${words}`
    row.style.setProperty('--share', String(count / expected))
    return row
  })
  element('counts', HTMLElement).replaceChildren(...rows)
}

function showCourse(strategy: Strategy, expertReturns: readonly number[] = [], own = 0): void {
  document.documentElement.style.setProperty('--strategy', colourOf(strategy))
  showCounts()
  element('trials', HTMLElement).innerHTML = trialsChart(strategy, records, expertReturns, own)
  showAsked(strategy, answers)
}

const abandoned = element('left', HTMLElement)
const unfinished = (): Round | undefined => keptRounds().findLast(({ text, answers }) => !text && answers.length > 0)
/** Offers to go on with the round that was left. */
function offerToGoOn(): void {
  const round = unfinished()
  abandoned.hidden = !round
  if (!round) return
  const words = `You left a round of ${titleOf(round.strategy)} after ${round.answers.length} answers:`
  element('left-words', HTMLElement).textContent = words
}
element('resume', HTMLButtonElement).addEventListener('click', () => {
  const round = unfinished()
  if (round) begin(round)
})
element('drop', HTMLButtonElement).addEventListener('click', () => {
  const round = unfinished()
  if (round) forget(round)
  offerToGoOn()
})

element('setup', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault()
  const given = new FormData(event.target as HTMLFormElement)
  begin({ id: Date.now(), strategy: given.get('strategy') as Strategy, seed: Number(given.get('seed')), answers: [] })
})
document.addEventListener('visibilitychange', () => document.hidden && running?.pause())
draw({ state: atRest })
showCourse('loss-gradient')
showRounds(review)
offerToGoOn()

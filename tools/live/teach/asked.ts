/** The states that were asked about, one by one, with what the reader showed in them. */
import { drawOn } from './arm.ts'
import { pointsOf } from './hand.ts'
import type { Answered, Strategy } from './lesson.ts'
import { element } from './page-elements.ts'
import { inWords, levelsInWords } from './why.ts'
import { colourOf, describe } from './words.ts'

/** Time for each state while they are played, ms. */
const pace = 120

/** Returns a function that takes the answers of a round, all of them so far. */
export function createAsked(): (strategy: Strategy, answers: readonly Answered[]) => void {
  const { draw } = drawOn(element('asked', HTMLCanvasElement))
  const slider = element('asked-number', HTMLInputElement)
  const play = element('asked-play', HTMLButtonElement)
  const caption = element('asked-words', HTMLElement)
  let [strategy, answers]: [Strategy, readonly Answered[]] = ['dagger', []]
  let timer: ReturnType<typeof setInterval> | undefined

  function show(): void {
    const i = Number(slider.value) - 1
    const answer = answers[i]
    if (!answer) return
    const { iteration, reasons, scores = {}, state, hand, late } = answer // the first files had no scores
    const before = answers.slice(0, i).filter((other) => other.iteration === iteration)
    const trail = before.map((other) => pointsOf(other.state).tip)
    draw({ state, hand, trail, colour: colourOf(strategy) })
    const why = iteration === 1 ? 'you acted throughout' : inWords(reasons) + levelsInWords(scores)
    const by = late ? 'Too late: your last place counted.' : 'You showed this place.'
    caption.textContent = `Question ${i + 1} of ${answers.length}, episode ${iteration}: ${why}. ${by}`
    slider.setAttribute('aria-valuetext', `${caption.textContent} ${describe(state)}`)
  }

  function stop(): void {
    clearInterval(timer)
    timer = undefined
    play.textContent = '▶ Play'
  }

  play.addEventListener('click', () => {
    if (timer !== undefined) return stop()
    if (Number(slider.value) >= answers.length) slider.value = '1'
    play.textContent = '❚❚ Pause'
    timer = setInterval(() => {
      slider.value = String(Number(slider.value) + 1)
      show()
      if (Number(slider.value) >= answers.length) stop()
    }, pace)
  })
  slider.addEventListener('input', () => {
    stop()
    show()
  })
  addEventListener('resize', show)
  return (of, all) => {
    ;[strategy, answers] = [of, all]
    element('asked-part', HTMLElement).hidden = answers.length === 0
    slider.max = String(Math.max(1, answers.length))
    if (timer === undefined) slider.value = slider.max
    show()
  }
}

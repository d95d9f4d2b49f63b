/** The rounds that have ended, side by side: what each asked, and what it learned. */
import { download } from '../extension/download.ts'
import { keepNotebook } from '../extension/handover.ts'
import { roundsChart } from './charts.ts'
import type { Lesson } from './lesson.ts'
import { notebookOf } from './notebook.ts'
import { element, site } from './page-elements.ts'
import { fileNameOf, forget, keptRounds, lessonOf, type Round } from './store.ts'
import { countsByReason } from './why.ts'
import { colourOf, mean, titleOf } from './words.ts'

type Ended = Round & { readonly lesson: Lesson }

/** Shows the rounds that have ended. `review` is called with one whose questions are to be seen again. */
export function showRounds(review: (round: Ended) => void): void {
  const rounds = keptRounds().flatMap((round): Ended[] => {
    const lesson = lessonOf(round)
    return lesson ? [{ ...round, lesson }] : []
  })
  element('rounds', HTMLElement).hidden = rounds.length === 0
  if (rounds.length === 0) return
  element('rounds-chart', HTMLElement).innerHTML = roundsChart(rounds.map(({ lesson }) => lesson))
  const body = element('rounds-body', HTMLTableSectionElement)
  body.replaceChildren(...rounds.map((round, i) => rowOf(round, i + 1, review)))
}

function rowOf(round: Ended, number: number, review: (round: Ended) => void): HTMLTableRowElement {
  const { strategy, seed, lesson, text = '' } = round
  const { iterations } = lesson.record.outcome
  const late = lesson.answers.filter((answer) => answer.late).length
  const losses = iterations.map(({ loss }) => loss)
  const cells = Object.entries({
    questions: String(lesson.answers.length),
    why: countsByReason(lesson.answers)
      .map(([count, words]) => `${count}: ${words}`)
      .join(', '),
    late: String(late),
    'gap at first': losses[0].toFixed(2),
    'gap, last five': mean(losses.slice(-5)).toFixed(2)
  }).map(([label, textContent]) => {
    const cell = Object.assign(document.createElement('td'), { textContent })
    cell.dataset.label = label // a telephone shows it in place of the head
    return cell
  })
  const name = Object.assign(document.createElement('th'), { scope: 'row' })
  const key = Object.assign(document.createElement('span'), { className: 'key' })
  key.style.background = colourOf(strategy)
  name.append(key, `${number} ${titleOf(strategy)}, seed ${seed}`)
  const buttons = document.createElement('td')
  const button = (label: string, act: () => void): HTMLButtonElement => {
    const made = Object.assign(document.createElement('button'), { type: 'button', textContent: label })
    made.setAttribute('aria-label', `${label}: ${titleOf(strategy)}, seed ${seed}`)
    made.addEventListener('click', act)
    return made
  }
  buttons.append(
    button('Questions', () => review(round)),
    button('Download', () => download(fileNameOf(round), text)),
    button('Notebook', async () => {
      const name = fileNameOf(round).replace(/json$/, 'ipynb')
      const address = await keepNotebook(site, name, notebookOf(titleOf(strategy), lesson))
      location.assign(`${site}notebooks/index.html?notebook=${encodeURIComponent(address)}`)
    }),
    button('Discard', () => {
      forget(round)
      showRounds(review)
    })
  )
  const row = document.createElement('tr')
  row.append(name, ...cells, buttons)
  return row
}

/** The rounds that have ended, side by side: what each asked, and what it learned. */
import { download } from '../extension/download.ts'
import { keepNotebook } from '../extension/handover.ts'
import { roundsChart } from './charts.ts'
import type { Lesson } from './lesson.ts'
import { notebookOf } from './notebook.ts'
import { element, site } from './page-elements.ts'
import { fileNameOf, forget, keptRounds, lessonOf, type Round } from './store.ts'
import { colourOf, inWords, titleOf } from './words.ts'

type Ended = Round & { readonly lesson: Lesson }

/** Counts the questions by their reasons. A question may have several. */
export function countsByReason(
  answers: readonly { readonly reasons: readonly string[] }[]
): [reason: string, count: number][] {
  const counts = new Map<string, number>()
  for (const reason of answers.flatMap(({ reasons }) => reasons)) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts]
}

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
  body.replaceChildren(...rounds.map((round) => rowOf(round, review)))
}

function rowOf(round: Ended, review: (round: Ended) => void): HTMLTableRowElement {
  const { strategy, seed, lesson, text = '' } = round
  const { iterations } = lesson.record.outcome
  const late = lesson.answers.filter((answer) => answer.late).length
  const reasons = countsByReason(lesson.answers).map(([reason, count]) => `${count} ${inWords(reason)}`)
  const cells = Object.entries({
    questions: String(lesson.answers.length),
    asked: [...reasons, ...(late > 0 ? [`${late} answered by the clock`] : [])].join(', '),
    'loss at first': iterations[0].loss.toFixed(2),
    'at last': iterations[iterations.length - 1].loss.toFixed(2)
  }).map(([label, textContent]) => {
    const cell = Object.assign(document.createElement('td'), { textContent })
    cell.dataset.label = label // a telephone shows it in place of the head
    return cell
  })
  const name = Object.assign(document.createElement('th'), { scope: 'row' })
  const key = Object.assign(document.createElement('span'), { className: 'key' })
  key.style.background = colourOf(strategy)
  name.append(key, `${titleOf(strategy)}, seed ${seed}`)
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
    button('Forget', () => {
      forget(round)
      showRounds(review)
    })
  )
  const row = document.createElement('tr')
  row.append(name, ...cells, buttons)
  return row
}

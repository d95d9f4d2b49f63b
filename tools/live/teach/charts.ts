/** The page's charts, as SVG in the page's colours. */
import type { IterationRecord } from 'radgrad'
import { changes, type Lesson, type Strategy } from './lesson.ts'
import { colourOf, dashOf, mean, titleOf } from './words.ts'

const [width, height] = [340, 210]
const box = { left: 38, right: 8, top: 12, bottom: 34 }

/** Returns a scale from values to places; values beyond its ends are put there. */
const scale =
  ([low, high]: readonly [number, number], [start, end]: readonly [number, number]) =>
  (value: number): number =>
    start + ((Math.max(low, Math.min(high, value)) - low) / (high - low)) * (end - start)

/** Draws axes around marks. */
function plot(
  x: { readonly range: readonly [number, number]; readonly ticks: readonly number[]; readonly title: string },
  y: { readonly range: readonly [number, number]; readonly ticks: readonly number[]; readonly title: string },
  label: string,
  marks: (x: (value: number) => number, y: (value: number) => number) => string
): string {
  const toX = scale(x.range, [box.left, width - box.right])
  const toY = scale(y.range, [height - box.bottom, box.top])
  const [left, right, bottom] = [box.left, width - box.right, height - box.bottom]
  const rows = y.ticks.map(
    (tick) =>
      `<line x1="${left}" x2="${right}" y1="${toY(tick)}" y2="${toY(tick)}"/><text x="${left - 5}" y="${toY(tick) + 4}" text-anchor="end">${`${tick}`.replace('-', '−')}</text>`
  )
  const columns = x.ticks.map((tick) => `<text x="${toX(tick)}" y="${bottom + 14}" text-anchor="middle">${tick}</text>`)
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
<g class="axes">${rows.join('')}${columns.join('')}
<text x="${(left + right) / 2}" y="${height - 4}" text-anchor="middle">${x.title}</text>
<text transform="translate(10 ${(box.top + bottom) / 2}) rotate(-90)" text-anchor="middle">${y.title}</text></g>
${marks(toX, toY)}</svg>`
}

const line = (points: readonly (readonly [number, number])[], colour: string, more = ''): string =>
  `<polyline points="${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}" fill="none" stroke="${colour}" ${more}/>`
const dot = (x: number, y: number, radius: number, colour: string, opacity = 1): string =>
  `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}" fill="${colour}" opacity="${opacity}"/>`

/** The ends of a return and of a gap that are drawn: a learner that flails goes far beyond. */
const worst = 20

/** Draws the learner's trials after each iteration against the trained expert's. */
export function trialsChart(
  strategy: Strategy,
  records: readonly IterationRecord[],
  expertReturns: readonly number[],
  own: number
): string {
  const { iterations } = changes
  const colour = colourOf(strategy)
  const means = records.map(({ returns }) => mean(returns))
  const label = `Mean returns of the learner after each episode: ${means.map((value) => value.toFixed(1)).join(', ') || 'none yet'}`
  return plot(
    { range: [0.5, iterations + 0.5], ticks: [5, 10, 15, 20], title: 'episode' },
    { range: [-worst, 0], ticks: [0, -5, -10, -15, -20], title: 'return' },
    label,
    (x, y) => {
      if (records.length === 0) return ''
      const expert = mean(expertReturns)
      const [start, end] = [x(0.5), x(iterations + 0.5)]
      const level = (value: number): string =>
        `<line x1="${start}" x2="${end}" y1="${y(value)}" y2="${y(value)}" stroke="var(--ink)" stroke-dasharray="5 4"/>`
      const words = (value: number, said: string, above: boolean): string =>
        `<text x="${end}" y="${y(value) + (above ? -5 : 13)}" text-anchor="end">${said}</text>`
      const trials = records.flatMap(({ iteration, returns }) =>
        returns.map((value) => dot(x(iteration), y(value), 2, colour, 0.25))
      )
      const course = records.map(({ iteration }, i) => [x(iteration), y(means[i])] as const)
      return `${level(expert)}${level(own)}${trials.join('')}
${line(course, colour, 'stroke-width="2"')}${course.map(([x, y]) => dot(x, y, 3.5, colour)).join('')}
${words(expert, 'trained expert', own <= expert)}${words(own, 'you, in episode 1', own > expert || own < 2 - worst)}`
    }
  )
}

/** Draws the gaps of rounds against the questions that they cost. */
export function roundsChart(lessons: readonly Lesson[]): string {
  const most = 50 * Math.ceil(Math.max(...lessons.map(({ answers }) => answers.length)) / 50)
  const strategyOf = ({ record }: Lesson): Strategy => record.protocol.strategy as Strategy
  return plot(
    { range: [0, most + 10], ticks: [0, 100, 200, 300, 400, 500].filter((tick) => tick <= most), title: 'questions' },
    { range: [0, worst / 2], ticks: [0, 2, 4, 6, 8, 10], title: 'gap to the expert' },
    'Gap against questions, for each round; the table has the same numbers',
    (x, y) =>
      lessons
        .map((lesson, i) => {
          const strategy = strategyOf(lesson)
          const colour = colourOf(strategy)
          const look = `stroke-width="2" stroke-dasharray="${dashOf(strategy)}"`
          const course = lesson.record.outcome.iterations.map(({ queries, loss }) => [x(queries), y(loss)] as const)
          const [endX, endY] = course[course.length - 1]
          const dots = course.map(([x, y]) => dot(x, y, 2.5, colour)).join('')
          const end = `${dot(endX, endY, 5, colour)}<text x="${endX}" y="${endY - 9}" text-anchor="middle">${i + 1}</text>`
          return `<g><title>${i + 1} ${titleOf(strategy)}</title>${line(course, colour, look)}${dots}${end}</g>`
        })
        .join('')
  )
}

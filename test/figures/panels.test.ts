import { expect, test } from 'vitest'
import { intervalPlot } from '../../lib/figures/marks'
import { panelsFigure } from '../../lib/figures/panels'

test('panels stand in rows, each under its name, with titles at the outer axes and a line through each', () => {
  const trace = { x: [1], y: [2] }
  const { data, layout } = panelsFigure(
    'title',
    { a: [trace], b: [trace, trace], c: [trace] },
    {
      columns: 2,
      x: { title: { text: 'below' } },
      y: { title: { text: 'left' } },
      referenceLines: [{ axis: 'y', at: 3 }]
    }
  )
  expect(data.map(({ xaxis, yaxis }) => [xaxis, yaxis])).toEqual([
    ['x', 'y'],
    ['x2', 'y2'],
    ['x2', 'y2'],
    ['x3', 'y3']
  ])
  const axes = layout as Record<string, { title?: { text: string }; domain: [number, number] }>
  expect(['xaxis', 'xaxis2', 'xaxis3'].map((axis) => axes[axis].title?.text)).toEqual(['', '', 'below'])
  expect(['yaxis', 'yaxis2', 'yaxis3'].map((axis) => axes[axis].title?.text)).toEqual(['left', '', 'left'])
  expect(axes.xaxis.domain[1]).toBeLessThan(axes.xaxis2.domain[0])
  expect(axes.yaxis3.domain[1]).toBeLessThan(axes.yaxis.domain[0])
  expect((layout.annotations as { text: string }[]).map(({ text }) => text)).toEqual([
    '<b>a</b>',
    '<b>b</b>',
    '<b>c</b>'
  ])
  expect((layout.shapes as { yref: string; y0: number }[]).map(({ yref, y0 }) => [yref, y0])).toEqual([
    ['y', 3],
    ['y2', 3],
    ['y3', 3]
  ])
})

test('an interval plot shows estimates by name, with their intervals', () => {
  const { x, y, error_x } = intervalPlot({ one: { value: 2, low: 1, high: 5 } })
  expect([x, y]).toEqual([[2], ['one']])
  expect(error_x).toMatchObject({ symmetric: false, array: [3], arrayminus: [1] })
})

test('of twenty panels in a row each has a place of its own', () => {
  const panels = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}`, [{ x: [1], y: [2] }]]))
  const axes = panelsFigure('title', panels, {}).layout as Record<string, { domain: [number, number] }>
  const ends = Object.keys(panels).flatMap((_, i) => axes[`xaxis${i === 0 ? '' : i + 1}`].domain)
  expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b))
})

test('annotations and shapes of one’s own stand beside those of the panels', () => {
  const [word, box] = [{ text: 'mine' }, { type: 'rect' }]
  const { layout } = panelsFigure('title', { a: [] }, { layout: { annotations: [word], shapes: [box] } })
  expect((layout.annotations as object[]).at(-1)).toEqual(word)
  expect(layout.annotations).toHaveLength(2)
  expect(layout.shapes).toEqual([box])
})

import { createRequire } from 'node:module'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { figure } from '../../lib/figures/figure'
import { live, show } from '../../lib/notebook/show'

interface Message {
  data: Record<string, unknown>
  transient: { display_id: string }
}
const tslab = createRequire(import.meta.url)('tslab/dist/jupyter') as { lastWriteDisplayData: unknown }
const sent: { message: Message; update: boolean }[] = []

beforeEach(() => {
  sent.length = 0
  tslab.lastWriteDisplayData = (message: Message, update: boolean) => sent.push({ message, update })
})
afterEach(() => {
  tslab.lastWriteDisplayData = null
})

const frame = {
  columns: ['loss', 'name'],
  index: ['a', 'b'],
  values: [
    [0.123456, '<i>'],
    [2, 'x & y']
  ]
}

test('a figure is one bundle: Plotly’s own type and a word', () => {
  const drawn = figure([{ x: [1], y: [2] }], { title: { text: 'Losses' } })
  show(drawn)
  expect(sent).toHaveLength(1)
  expect(sent[0].message.data).toEqual({ 'application/vnd.plotly.v1+json': drawn, 'text/plain': '[figure: Losses]' })
  expect(sent[0].update).toBe(false)
})

test('a frame is a table, its text escaped', () => {
  show(frame)
  const { 'text/html': html, 'text/plain': text } = sent[0].message.data
  expect(html).toBe(
    '<table><thead><tr><th></th><th>loss</th><th>name</th></tr></thead><tbody>' +
      '<tr><th>a</th><td>0.1235</td><td>&lt;i&gt;</td></tr><tr><th>b</th><td>2</td><td>x &amp; y</td></tr></tbody></table>'
  )
  expect(text).toBe('     loss   name\na  0.1235    <i>\nb       2  x & y')
})

test('what is live is updated in its place, and two live ones are two places', () => {
  const [a, b] = [live(frame), live(frame)]
  a(frame)
  b(frame)
  const ids = sent.map(({ message }) => message.transient.display_id)
  expect(sent.map(({ update }) => update)).toEqual([false, false, true, true])
  expect([ids[2], ids[3]]).toEqual([ids[0], ids[1]])
  expect(ids[0]).not.toBe(ids[1])
})

test('outside a notebook the text is printed, once', () => {
  tslab.lastWriteDisplayData = null
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  live(frame)(frame)
  expect(log.mock.calls).toEqual([['     loss   name\na  0.1235    <i>\nb       2  x & y']])
  log.mockRestore()
})

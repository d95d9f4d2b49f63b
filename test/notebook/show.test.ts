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
  vi.useFakeTimers()
  tslab.lastWriteDisplayData = (message: Message, update: boolean) => sent.push({ message, update })
})
afterEach(() => {
  vi.useRealTimers()
  tslab.lastWriteDisplayData = null
  vi.unstubAllEnvs()
})

const frame = {
  columns: ['loss', 'name'],
  index: ['a', 'b'],
  values: [
    [0.123456, '<i>'],
    [2, 'x & y']
  ]
}

test('without Chromium a figure is one bundle of Plotly’s own type and a word', () => {
  vi.stubEnv('PATH', '')
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
  vi.runAllTimers()
  const ids = sent.map(({ message }) => message.transient.display_id)
  expect(sent.map(({ update }) => update)).toEqual([false, false, true, true])
  expect([ids[2], ids[3]]).toEqual([ids[0], ids[1]])
  expect(ids[0]).not.toBe(ids[1])
})

test('of updates that come often the last is shown', () => {
  const update = live({ ...frame, index: ['-', '-'] })
  for (let i = 0; i < 1000; i++) {
    update({ ...frame, index: [i, i] })
    vi.advanceTimersByTime(1)
  }
  vi.runAllTimers()
  expect(sent.length).toBeLessThan(10)
  expect(sent.at(-1)?.message.data['text/plain']).toContain('999')
})

test('outside a notebook the text is printed, once', () => {
  tslab.lastWriteDisplayData = null
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  live(frame)(frame)
  expect(log.mock.calls).toEqual([['     loss   name\na  0.1235    <i>\nb       2  x & y']])
  log.mockRestore()
})

test('what a quick run makes says so, and what is committed does not', async () => {
  vi.stubEnv('RADGRAD_QUICK', '1')
  vi.resetModules()
  const { live, scale, show, showCommitted } = await import('../../lib/index')
  expect(scale).toEqual({ iterations: 4, trials: 10 })
  const words = 'quick run: 4 iterations, 10 trials'
  const drawn = figure([{ x: [1], y: [2] }], { title: { text: 'Losses' }, height: 300 })
  show(drawn)
  live(frame)(frame)
  vi.runAllTimers()
  live(drawn)(drawn)
  vi.runAllTimers()
  const marked = { data: drawn.data, layout: { ...drawn.layout, title: { text: 'Losses', subtitle: { text: words } } } }
  const shown = sent.map(({ message }) => message.data)
  for (const i of [0, 3, 4]) expect(shown[i]['application/vnd.plotly.v1+json']).toEqual(marked)
  for (const i of [1, 2]) expect(shown[i]['text/html']).toContain(`<table><caption>${words}</caption><thead>`)
  sent.length = 0
  showCommitted(drawn)
  showCommitted(frame)
  expect(sent.map(({ message }) => message.data['application/vnd.plotly.v1+json'])).toEqual([drawn, undefined])
  expect(sent[1].message.data['text/html']).toMatch(/^<table><thead>/)
  vi.unstubAllEnvs()
  vi.resetModules()
  const { resultFolders, scale: full, warning } = await import('../../lib/index')
  expect([full, warning, resultFolders]).toEqual([{}, '', ['../data/results']])
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { figure } from '../../lib/figures/theme'
import { type Bundle, type Host, type Send, setHost } from '../../lib/notebook/host'
import { protocolOverrides, quickRunNotice, recordFolders } from '../../lib/notebook/reproduction'
import { show, showCommitted, updatable } from '../../lib/notebook/show'
import { nodeHost } from '../../tools/host/node.ts'

const sent: { data: Bundle; id: string; update: boolean }[] = []
const send: Send = ({ data, transient }, update) => sent.push({ data, id: transient.display_id, update })

const endings = new Set<() => void>()

/** Registers Node's host with a cell that keeps what is sent, and no Chromium. */
const inCell = (own: Partial<Host> = {}): void =>
  setHost({
    ...nodeHost,
    cell: () => send,
    beforeIdle: (work) => endings.add(work),
    picture: () => undefined,
    ...own
  })
function endCell(): void {
  for (const end of endings) end()
  endings.clear()
}

beforeEach(() => {
  sent.length = 0
  vi.useFakeTimers()
  inCell()
})
afterEach(() => {
  endCell()
  vi.useRealTimers()
  setHost(nodeHost)
})

const drawn = figure([{ x: [1], y: [2] }], { title: { text: 'Losses' }, height: 300 })
const frame = {
  columns: ['loss', 'name'],
  index: ['a', 'b'],
  values: [
    [0.123456, '<i>'],
    [2, 'x & y']
  ]
}

test('a figure is one bundle of Plotly’s own type and its title, without a picture where there is no Chromium', () => {
  show(drawn)
  expect(sent).toEqual([
    {
      data: { 'application/vnd.plotly.v1+json': drawn, 'text/plain': '[figure: Losses]' },
      id: expect.any(String),
      update: false
    }
  ])
})

test('a frame is a table whose text is escaped', () => {
  show(frame)
  const { 'text/html': html, 'text/plain': text } = sent[0].data
  expect(html).toBe(
    '<table><thead><tr><th></th><th>loss</th><th>name</th></tr></thead><tbody>' +
      '<tr><th>a</th><td>0.1235</td><td>&lt;i&gt;</td></tr><tr><th>b</th><td>2</td><td>x &amp; y</td></tr></tbody></table>'
  )
  expect(text).toBe('     loss   name\na  0.1235    <i>\nb       2  x & y')
})

test('each updatable output is replaced in its own place', () => {
  const [a, b] = [updatable(frame), updatable(frame)]
  a(frame)
  b(frame)
  vi.runAllTimers()
  const ids = sent.map(({ id }) => id)
  expect(sent.map(({ update }) => update)).toEqual([false, false, true, true])
  expect([ids[2], ids[3]]).toEqual([ids[0], ids[1]])
  expect(ids[0]).not.toBe(ids[1])
})

test('fewer than ten of a thousand updates in a second are sent, the last among them', () => {
  const update = updatable({ ...frame, index: ['-', '-'] })
  for (let i = 0; i < 1000; i++) {
    update({ ...frame, index: [i, i] })
    vi.advanceTimersByTime(1)
  }
  vi.runAllTimers()
  expect(sent.length).toBeLessThan(10)
  expect(sent.at(-1)?.data['text/plain']).toContain('999')
})

test('the newest figure is sent with its picture as one that stays when the cell ends, and no other has a picture', () => {
  inCell({ picture: () => 'PNG' })
  const update = updatable(drawn)
  const newest = { ...drawn, layout: { title: { text: 'Newest' } } }
  update(newest)
  endCell()
  vi.runAllTimers()
  const pictures = sent.map(({ data }) => [data['text/plain'], data['image/png']])
  expect(pictures).toEqual([
    ['[figure: Losses]', undefined],
    ['[figure: Newest]', 'PNG']
  ])
})

test('an updatable frame prints its first text outside a notebook, once', () => {
  inCell({ cell: () => undefined })
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  updatable(frame)(frame)
  vi.runAllTimers()
  expect(log.mock.calls).toEqual([['     loss   name\na  0.1235    <i>\nb       2  x & y']])
  log.mockRestore()
})

test('a quick run marks all figures and tables but those of committed records', () => {
  inCell({ settings: () => ({ data: 'data', quick: true }) })
  expect(protocolOverrides()).toEqual({ iterations: 4, trials: 10 })
  const notice = 'quick run: 4 iterations, 10 trials'
  show(drawn)
  updatable(frame)(frame)
  vi.runAllTimers()
  updatable(drawn)(drawn)
  vi.runAllTimers()
  const marked = {
    data: drawn.data,
    layout: { ...drawn.layout, title: { text: 'Losses', subtitle: { text: notice } } }
  }
  for (const i of [0, 3, 4]) expect(sent[i].data['application/vnd.plotly.v1+json']).toEqual(marked)
  for (const i of [1, 2]) expect(sent[i].data['text/html']).toContain(`<table><caption>${notice}</caption><thead>`)
  sent.length = 0
  showCommitted(drawn)
  showCommitted(frame)
  expect(sent.map(({ data }) => data['application/vnd.plotly.v1+json'])).toEqual([drawn, undefined])
  expect(sent[1].data['text/html']).toMatch(/^<table><thead>/)
})

test('a full run has no overrides and no notice, and fresh records come after the committed ones', () => {
  inCell({ settings: () => ({ data: 'data', quick: false, freshRecords: 'out/results' }) })
  expect([protocolOverrides(), quickRunNotice(), recordFolders()]).toEqual([{}, '', ['data/results', 'out/results']])
})

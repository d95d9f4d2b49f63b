import { runInNewContext } from 'node:vm'
import * as math from 'mathjs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Figure, figure } from '../../lib/figures/theme'
import { type Bundle, type Host, type Send, setHost } from '../../lib/notebook/host'
import { protocolOverrides, quickRunNotice, recordFolders } from '../../lib/notebook/reproduction'
import { type Frame, show, showCommitted, updatable } from '../../lib/notebook/show'
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
    '<table><thead><tr><th scope="col"></th><th scope="col">loss</th><th scope="col">name</th></tr></thead><tbody>' +
      '<tr><th scope="row">a</th><td>0.123</td><td>&lt;i&gt;</td></tr>' +
      '<tr><th scope="row">b</th><td>2</td><td>x &amp; y</td></tr></tbody></table>'
  )
  expect(text).toBe('    loss   name\na  0.123    <i>\nb      2  x & y')
})

/** Returns the figure that was sent last, as it reaches the front end. */
const figureSent = () => JSON.parse(JSON.stringify(sent.at(-1)?.data['application/vnd.plotly.v1+json']))

test.each<[string, (figure: Figure) => void]>([
  ['show', show],
  ['showCommitted', showCommitted],
  ['updatable', updatable],
  [
    'the function that updatable returns',
    (figure) => {
      updatable(drawn)(figure)
      vi.runAllTimers()
    }
  ]
])('%s draws typed arrays at any depth of a figure, of this realm or another', (_, shown) => {
  const foreign = runInNewContext('new Float64Array([5, 6])') as Float64Array
  shown({
    data: [
      { type: 'histogram', x: new Float64Array([1.5, Number.NaN]), marker: { color: new Uint8Array([1, 2]) } },
      { type: 'heatmap', z: [new Float32Array([0.5]), foreign], error_y: { array: new Int32Array([-1]) } }
    ],
    layout: { xaxis: { tickvals: new Uint16Array([7]) }, shapes: [{ path: new Float64Array([8]) }] },
    frames: [{ data: [{ y: new Float64Array([9]) }] }]
  })
  expect(figureSent()).toEqual({
    data: [
      { type: 'histogram', x: [1.5, null], marker: { color: [1, 2] } },
      { type: 'heatmap', z: [[0.5], [5, 6]], error_y: { array: [-1] } }
    ],
    layout: { xaxis: { tickvals: [7] }, shapes: [{ path: [8] }] },
    frames: [{ data: [{ y: [9] }] }]
  })
})

test('a picture is drawn of the figure as it is shown, with lists and titles', () => {
  const pictured: Figure[] = []
  inCell({ picture: (figure) => void pictured.push(figure) })
  show({ data: [{ x: new Float64Array([1]) }], layout: { title: 'old' } })
  expect(pictured).toEqual([])
  endCell()
  expect(pictured).toEqual([{ data: [{ x: [1] }], layout: { title: { text: 'old' } } }])
})

test('titles in Plotly’s old style, as strings, are drawn wherever they stand, and words of the user’s own stay as they are', () => {
  const own = { title: 'mine' }
  show({
    data: [{ marker: { colorbar: { title: 'z' } }, title: 'pie', customdata: [own, { deep: own }], meta: own }],
    layout: {
      title: 'Losses',
      xaxis: { title: 'x' },
      yaxis2: { title: 'y' },
      legend: { title: 'who' },
      coloraxis: { colorbar: { title: 'c' } },
      scene: { zaxis: { title: { text: 'new' } } },
      template: { layout: { xaxis: { title: { standoff: 8 } } } }
    }
  })
  expect(figureSent()).toEqual({
    data: [
      {
        marker: { colorbar: { title: { text: 'z' } } },
        title: { text: 'pie' },
        customdata: [own, { deep: own }],
        meta: own
      }
    ],
    layout: {
      title: { text: 'Losses' },
      xaxis: { title: { text: 'x' } },
      yaxis2: { title: { text: 'y' } },
      legend: { title: { text: 'who' } },
      coloraxis: { colorbar: { title: { text: 'c' } } },
      scene: { zaxis: { title: { text: 'new' } } },
      template: { layout: { xaxis: { title: { standoff: 8 } } } }
    }
  })
  expect(sent[0].data['text/plain']).toBe('[figure: Losses]')
})

test('a title in the old style keeps its words under the notice of a quick run', () => {
  inCell({ settings: () => ({ data: 'data', quick: true }) })
  show({ data: [], layout: { title: 'Losses' } })
  expect(figureSent().layout.title).toEqual({ text: 'Losses', subtitle: { text: quickRunNotice() } })
})

test('dates, gaps and fields without a value are drawn as before', () => {
  show({ data: [{ x: [new Date(0), '1970-01-02'], y: [1, null], text: undefined }], layout: Object.create(null) })
  expect(figureSent()).toEqual({
    data: [{ x: ['1970-01-01T00:00:00.000Z', '1970-01-02'], y: [1, null] }],
    layout: {}
  })
})

class Reading {}
test.each<[string, unknown]>([
  ['data.x \\(Promise\\)', { data: [{ x: Promise.resolve([1]) }], layout: {} }],
  ['data.x \\(Set\\)', { data: [{ x: new Set([1]) }], layout: {} }],
  ['data.z \\(Map\\)', { data: [{ z: [new Map()] }], layout: {} }],
  ['data.x \\(DenseMatrix\\)', { data: [{ x: math.matrix([1, 2]) }], layout: {} }],
  ['data.x \\(BigInt\\)', { data: [{ x: new BigInt64Array(1) }], layout: {} }],
  ['data.text \\(Reading\\)', { data: [{ text: new Reading() }], layout: {} }],
  ['layout.xaxis.tickformat \\(Function\\)', { data: [], layout: { xaxis: { tickformat: () => '' } } }],
  ['layout.xaxis.titlefont \\(Object\\)', { data: [], layout: { xaxis: { titlefont: { size: 3 } } } }],
  ['data.colorbar.titleside \\(String\\)', { data: [{ colorbar: { titleside: 'top' } }], layout: {} }]
])('a figure that Plotly would draw in part is refused, for figure.%s', (words, content) => {
  const refused = new RegExp(`^figure\\.${words} is not drawn: Plotly takes lists of numbers`)
  expect(() => show(content as Figure)).toThrow(refused)
  expect(() => updatable(drawn)(content as Figure)).toThrow(refused)
  vi.runAllTimers()
  expect(sent).toHaveLength(1)
})

test.each<[string, unknown]>([
  ['null', null],
  ['undefined', undefined],
  ['Number', 3],
  ['String', 'words'],
  ['Array', [{ a: 1 }, { a: 2 }]],
  ['Map', new Map([['a', 1]])],
  ['Promise', Promise.resolve(drawn)],
  ['DenseMatrix', math.matrix([[1, 2]])],
  ['SparseMatrix', math.sparse([[1, 2]])],
  ['Object', { data: [{ x: [1] }] }],
  ['Object', { layout: {} }],
  ['Object', { data: { x: [1] }, layout: {} }],
  ['Object', { columns: ['a'], values: [[1]] }]
])('what is neither a figure nor a frame, %s, is refused where it is passed', (kind, content) => {
  const refused = new RegExp(
    `^only a figure \\(data and layout\\) or a frame \\(.*dfd\\.DataFrame or dfd\\.Series\\) can be shown, not ${kind}$`
  )
  const update = updatable(drawn)
  for (const shown of [show, showCommitted, updatable, update]) expect(() => shown(content as Figure)).toThrow(refused)
  vi.runAllTimers()
  expect(sent).toHaveLength(1)
})

test('a frame may have typed arrays for its rows, its index, its columns or its only column', () => {
  const columns = ['a', 'b']
  show({ columns, index: ['r'], values: [new Float32Array([0.5, 2])] })
  show({ columns: ['a'], index: ['r', 's'], values: new Float64Array([0.5, 2]) })
  const numbers: Frame = JSON.parse('{"columns":[0,1],"index":[7],"values":[[1,2]]}')
  show({ ...numbers, index: Array.from(new Uint8Array([7])) })
  expect(sent.map(({ data }) => data['text/plain'])).toEqual([
    '     a  b\nr  0.5  2',
    '     a\nr  0.5\ns    2',
    '   0  1\n7  1  2'
  ])
})

test('a frame without rows has its columns', () => {
  show({ columns: ['a'], index: [], values: [] })
  show({ columns: [], index: [], values: [] })
  expect(sent.map(({ data }) => data['text/plain'])).toEqual(['  a', ''])
  expect(sent[1].data['text/html']).toBe('<table><thead><tr></tr></thead><tbody></tbody></table>')
})

test('a frame of 140,495 rows shows its first and last fifty with their number; one of a hundred is whole', () => {
  const long = (rows: number) => ({
    columns: ['label'],
    index: Array.from({ length: rows }, (_, r) => `row ${r}`),
    values: Array.from({ length: rows }, (_, r) => [r])
  })
  show(long(140_495))
  const { 'text/html': html, 'text/plain': plain } = sent[0].data as { 'text/html': string; 'text/plain': string }
  const note = '140495 rows, of which these are the first and the last 50'
  const shown = [...html.matchAll(/<th scope="row">row (\d+)<\/th>/g)].map(([, r]) => Number(r))
  expect(shown).toEqual(Array.from({ length: 100 }, (_, i) => (i < 50 ? i : 140_395 + i)))
  expect(html).toContain(`<table><caption>${note}</caption>`)
  const lines = plain.split('\n')
  expect([lines.length, lines[50].trim(), lines[51].trim(), lines[101]]).toEqual([
    102,
    'row 49      49',
    'row 140445  140445',
    note
  ])
  show(long(100))
  expect(sent[1].data['text/html']).not.toContain('caption')
  expect((sent[1].data['text/html'] as string).match(/<td>/g)).toHaveLength(100)
  inCell({ settings: () => ({ data: 'data', quick: true }) })
  show(long(101))
  expect(sent[2].data['text/html']).toContain(`<caption>${quickRunNotice()}; 101 rows, of which`)
})

test('a figure of 140,495 points is shown and replaced', () => {
  const points = figure([{ x: new Float64Array(140_495).fill(2) }], {})
  const update = updatable(points)
  update(points)
  vi.runAllTimers()
  expect(sent).toHaveLength(2)
  expect(figureSent().data[0].x).toHaveLength(140_495)
})

test('an index of numbers in their order is left out, unless rows are, or the table has one column', () => {
  const columns = ['task', 'loss']
  const text = (index: number[]) => {
    show({ columns, index, values: index.map((i) => [`task ${i}`, 1285.4]) })
    return String(sent.at(-1)?.data['text/plain']).split('\n').at(-1)
  }
  expect(text([0, 1])).toBe('task 1  1285')
  expect(text([1, 2])).toBe('2  task 2  1285')
  expect(text(Array.from({ length: 101 }, (_, i) => i))).toContain('101 rows')
  expect(sent.at(-1)?.data['text/plain']).toContain('100  task 100  1285')
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
  expect(log.mock.calls).toEqual([['    loss   name\na  0.123    <i>\nb      2  x & y']])
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

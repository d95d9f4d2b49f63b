/** Cells whose code is hidden, and the sizes of the notebooks. */
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { jupyterEnvironment, python } from '../../tools/setup/python.mjs'
import { inRoot } from '../../tools/setup/root.mjs'

interface Metadata {
  readonly tags?: readonly string[]
  readonly jupyter?: { readonly source_hidden?: boolean; readonly outputs_hidden?: boolean }
}
interface Notebook {
  readonly cells: readonly { readonly source: string | string[]; readonly metadata: Metadata }[]
}
const read = (path: string): Notebook => JSON.parse(readFileSync(path, 'utf8'))
const hidden: Metadata = { tags: ['hide-input'], jupyter: { source_hidden: true } }
/** Of a cell whose output is hidden too: the numbers of a figure. */
const folded: Metadata = {
  tags: ['hide-input', 'hide-output'],
  jupyter: { outputs_hidden: true, source_hidden: true }
}

const runPython = (script: string, ...args: string[]): string =>
  execFileSync(python(), ['-c', script, ...args], { env: jupyterEnvironment(), encoding: 'utf8' })

const names = readdirSync(inRoot('notebooks')).filter((file) => file.endsWith('.ipynb'))

describe.each(names)('the notebook %s', (name) => {
  const path = inRoot('notebooks', name)

  test('a cell of the notebook is hidden in pages exactly if it is in JupyterLab', () => {
    const { cells } = read(path)
    for (const { metadata } of cells) expect([{}, hidden, folded]).toContainEqual(metadata)
    expect(cells.some(({ metadata }) => metadata.tags)).toBe(true)
  })

  test('the notebook hides the cell of its imports', () => {
    const imports = read(path).cells.filter(({ source }) => /^import /m.test([source].flat().join('')))
    expect(imports.map(({ metadata }) => metadata)).toEqual([hidden])
  })

  test('the notebook has at most a megabyte with its pictures', () => {
    expect(statSync(path).size).toBeLessThanOrEqual(1e6)
  })
})

test('hidden cells stay hidden when a notebook is brought up to date with its text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'radgrad-folding-'))
  mkdirSync(join(folder, 'text'))
  copyFileSync(inRoot('notebooks/jupytext.toml'), join(folder, 'jupytext.toml'))
  const [notebook, text] = [join(folder, 'one.ipynb'), join(folder, 'text/one.ts')]
  copyFileSync(inRoot('notebooks/02-dagger.ipynb'), notebook)
  const sync = () =>
    runPython(`from jupytext.cli import jupytext; import sys; jupytext(['--sync', sys.argv[1]])`, notebook)
  sync()
  const before = read(notebook).cells.map(({ metadata }) => metadata)
  expect(before).toContainEqual(hidden)
  writeFileSync(text, readFileSync(text, 'utf8').replace('# ', '# Once more: '))
  utimesSync(text, new Date(), new Date(Date.now() + 5000))
  sync()
  const after = read(notebook)
  expect([after.cells[0].source].flat().join('')).toContain('Once more')
  expect(after.cells.map(({ metadata }) => metadata)).toEqual(before)
}, 60_000)

test.each(['lab', 'basic'])(
  'the code of a hidden cell, and an output that is hidden, are one click away in pages by the template %s',
  (template) => {
    const html = runPython(
      `import sys; sys.path.insert(0, sys.argv[1])
import nbformat
from page import exporter
cell = nbformat.v4.new_code_cell
printed = nbformat.v4.new_output('stream', text='the numbers')
tagged = cell('const both = 3', metadata={'tags': ['hide-input', 'hide-output']}, outputs=[printed])
cells = [cell('const plain = 1'), cell('const folded = 2', metadata={'tags': ['hide-input']}, outputs=[printed]), tagged]
print(exporter(sys.argv[2]).from_notebook_node(nbformat.v4.new_notebook(cells=cells))[0])`,
      inRoot('tools/notebooks'),
      template
    )
    const folds = [...html.matchAll(/<details class="code"><summary>Code<\/summary>(.*?)<\/details>/gs)]
    expect(folds.map(([, code]) => /plain|folded|both/.exec(code)?.[0])).toEqual(['folded', 'both'])
    const numbers = [...html.matchAll(/<details class="code"><summary>Numbers<\/summary>(.*?)<\/details>/gs)]
    expect(numbers.map(([, output]) => output.includes('the numbers'))).toEqual([true])
    expect(html.match(/the numbers/g)).toHaveLength(2)
    expect(html).toContain('plain')
  },
  60_000
)

test('an executed notebook is written with each figure on one line', () => {
  const written = runPython(
    `import sys; sys.path.insert(0, sys.argv[1])
import nbformat
from execute import written
figure = {'data': [{'x': [1, -2.5e-7, None], 'y': ['[1,\\n 2]', 3], 'z': [[1, 2], []]}], 'layout': {}}
output = lambda: nbformat.v4.new_output('display_data', {'application/vnd.plotly.v1+json': figure})
notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell('1', outputs=[output(), output()])])
text = written(notebook)
assert nbformat.reads(text, as_version=4) == notebook
print(text)`,
    inRoot('tools/notebooks')
  )
  expect(written).toContain('": {"data":[{"x":[1,-2.5e-07,null],')
}, 60_000)

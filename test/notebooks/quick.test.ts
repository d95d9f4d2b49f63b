/** Two notebooks in the real kernel, computing little: the whole way from set-up to a page. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { executeNotebook } from '../../tools/notebooks/execute.ts'
import { inRoot } from '../../tools/setup/root.mjs'
import { codeCells, complaints, expectQuick, figures } from './notebook'

process.env.RADGRAD_QUICK = '1'

test('a quick run of notebook 01 has no complaint, is marked as quick, and leaves a page', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'radgrad-quick-'))
  await executeNotebook(inRoot('notebooks/01-supervised-baseline.ipynb'), folder)
  await expectQuick(folder, '01-supervised-baseline')
}, 300_000)

test('the template of a notebook of one’s own runs where it stands, and ends with a figure', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'radgrad-own-'))
  await executeNotebook(inRoot('notebooks/own/template.ipynb'), folder)
  const cells = await codeCells(join(folder, 'template.ipynb'))
  expect(complaints(cells)).toEqual([])
  expect(figures(cells).at(-1)?.data[0].x).toHaveLength(4)
}, 300_000)

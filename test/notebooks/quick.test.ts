/** One notebook in the real kernel, computing little: the whole way from set-up to a page. */
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { executeNotebook } from '../../tools/notebooks/execute.ts'
import { inRoot } from '../../tools/setup/root.mjs'
import { codeCells, complaints, figures } from './notebook'

process.env.RADGRAD_QUICK = '1'

test('a quick run of notebook 01 has no complaint, is marked as quick, and leaves a page', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'radgrad-quick-'))
  await executeNotebook(inRoot('notebooks/01-supervised-baseline.ipynb'), folder)
  const cells = await codeCells(join(folder, '01-supervised-baseline.ipynb'))
  expect(complaints(cells)).toEqual([])
  expect(figures(cells).length).toBeGreaterThan(0)
  const page = await readFile(join(folder, '01-supervised-baseline.html'), 'utf8')
  expect(page).toContain('quick run: 4 iterations, 10 trials')
}, 300_000)

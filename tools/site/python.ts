import { spawnSync } from 'node:child_process'
import { jupyterEnvironment, python } from '../setup/python.mjs'
import { inRoot, root } from '../setup/root.mjs'
import type { Page } from './page.ts'

/** Renders pages as HTML, by their paths. */
export const render = (pages: readonly Page[]): Record<string, string> =>
  JSON.parse(answer(['tools/site/pages.py'], JSON.stringify(pages)))

/** Packs a folder of the checkout, the same to the last bit for the same contents. */
export const zip = (folder: string, path: string): string => answer(['tools/site/archive.py', folder, path])

function answer(args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(python(), args, {
    cwd: root,
    // where the pages' Python finds what it shares with that of single notebooks
    env: { ...jupyterEnvironment(), PYTHONPATH: inRoot('tools/notebooks') },
    input,
    encoding: 'utf8',
    maxBuffer: Number.POSITIVE_INFINITY
  })
  if (error) throw error
  if (status !== 0) throw new Error(`${args[0]}: ${stderr.trim()}`)
  return stdout
}

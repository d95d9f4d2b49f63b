import { spawnSync } from 'node:child_process'
import { jupyterEnvironment, python } from '../jupyter.mjs'
import { inRoot, root } from '../setup/root.mjs'

/** Pages as HTML, by their paths. */
export const render = (pages) => JSON.parse(answer(['scripts/site/pages.py'], JSON.stringify(pages)))

/** Packs a folder of the checkout, the same to the last bit for the same contents. */
export const zip = (folder, path) => answer(['scripts/site/archive.py', folder, path])

function answer(args, input = '') {
  const { status, stdout, stderr, error } = spawnSync(python(), args, {
    cwd: root,
    // where the pages' Python finds what it shares with that of single notebooks
    env: { ...process.env, ...jupyterEnvironment(), PYTHONPATH: inRoot('scripts') },
    input,
    encoding: 'utf8',
    maxBuffer: Number.POSITIVE_INFINITY
  })
  if (error) throw error
  if (status !== 0) throw new Error(`${args[0]}: ${stderr.trim()}`)
  return stdout
}

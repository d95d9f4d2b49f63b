// @ts-check
import { pathToFileURL } from 'node:url'
import { inRoot } from './root.mjs'
import { contents, writeWhole } from './step.mjs'

const path = inRoot('.venv/share/jupyter/kernels/tslab/kernel.json')
const spec = {
  argv: [
    process.execPath,
    '--require',
    inRoot('tools/setup/node-compat.cjs'),
    '--import',
    pathToFileURL(inRoot('tools/dist/host/kernel.js')).href,
    inRoot('node_modules/tslab/bin/tslab'),
    'kernel',
    '--config-path',
    '{connection_file}'
  ],
  display_name: 'TypeScript',
  language: 'typescript',
  // TensorFlow's notes about the processor would stand in every notebook.
  env: { TF_CPP_MIN_LOG_LEVEL: '2' }
}

/**
 * The kernel of the notebooks, known to Jupyter in .venv/ only: this checkout's tslab, run by this Node.
 *
 * @type {import('./step.mjs').Step}
 */
export const tslabKernel = {
  name: 'tslab-kernel',
  doing: 'making the TypeScript kernel known in .venv/',
  inputs: () => [spec],
  outputs: () => [contents(path)],
  run: () => writeWhole(path, `${JSON.stringify(spec, undefined, 2)}\n`)
}

// @ts-check
import { rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot } from './root.mjs'
import { run } from './run.mjs'
import { contents, tree } from './step.mjs'

/** @typedef {import('./step.mjs').Step} Step */

const compiler = 'node_modules/typescript/bin/tsc'
const everyBuild = ['tsconfig.json', 'node_modules/typescript/package.json']
const source = /\.(ts|mjs)$/

/**
 * The engine's kernels, from AssemblyScript to a module of the library.
 *
 * @type {Step}
 */
export const kernels = {
  name: 'kernels',
  doing: 'compiling the kernels in lib/networks/kernels/',
  inputs: () => [
    contents(inRoot('tools/setup/build-kernels.mjs')),
    contents(inRoot('node_modules/assemblyscript/package.json')),
    ...files('lib/networks/kernels', source)
  ],
  outputs: () => [contents(inRoot('lib/networks/kernels.generated.ts'))],
  async run() {
    await run('kernels', process.execPath, ['tools/setup/build-kernels.mjs'], {
      advice: 'lib/networks/kernels/ does not compile; mend what the compiler names.'
    })
  }
}

/** The library, from TypeScript to the JavaScript that notebooks import. */
export const library = compiled('library', 'lib', ['kernels'])

/** The tools. The library's types are among what they are compiled from. */
export const tools = compiled('tools', 'tools', [], () => files('lib/dist', /\.d\.ts$/))

/**
 * A step that compiles a folder's TypeScript into its dist/.
 *
 * @param {string} name
 * @param {string} folder
 * @param {string[]} apart folders in it that are none of it
 * @param {() => unknown[]} more inputs
 * @returns {Step}
 */
function compiled(name, folder, apart, more = () => []) {
  const dist = inRoot(folder, 'dist')
  return {
    name,
    doing: `compiling ${folder}/`,
    inputs: () => [
      ...[...everyBuild, `${folder}/tsconfig.json`].map((path) => contents(inRoot(path))),
      ...files(folder, source, ['dist', 'node_modules', '.venv', ...apart]),
      ...more()
    ],
    outputs: () => tree(dist, () => true),
    // `radgrad` takes a build for stale that is older than a source, though its contents may be those that were compiled
    confirm: (time) => utimesSync(join(dist, '.tsbuildinfo'), time, time),
    async run() {
      rmSync(dist, { recursive: true, force: true }) // what came of sources that are gone
      await run(name, process.execPath, [compiler, '-p', folder], {
        advice: `${folder}/ does not compile; mend what the compiler names.`
      })
    }
  }
}

/**
 * Returns paths and contents of a folder's files of some names, those of the folders `apart` left out.
 *
 * @param {string} folder
 * @param {RegExp} names
 * @param {string[]} apart
 */
const files = (folder, names, apart = []) =>
  tree(inRoot(folder), (entry) => !apart.includes(entry.name) && (entry.isDirectory() || names.test(entry.name)))

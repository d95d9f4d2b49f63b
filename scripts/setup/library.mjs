import { rmSync } from 'node:fs'
import { inRoot } from './root.mjs'
import { run } from './run.mjs'
import { contents, tree } from './step.mjs'

const dist = inRoot('lib/dist')
const apart = new Set(['dist', 'node_modules', 'kernels'])
const isTypeScript = (entry) => entry.isDirectory() || entry.name.endsWith('.ts')

/** The engine's kernels, from AssemblyScript to a module of the library. */
export const kernels = {
  name: 'kernels',
  doing: 'compiling the kernels in lib/kernels/',
  inputs: () => [
    contents(inRoot('scripts/build-kernels.mjs')),
    contents(inRoot('node_modules/assemblyscript/package.json')),
    ...tree(inRoot('lib/kernels'), isTypeScript)
  ],
  outputs: () => [contents(inRoot('lib/networks/kernels.generated.ts'))],
  async run() {
    await run('kernels', process.execPath, ['scripts/build-kernels.mjs'], {
      advice: 'lib/kernels/ does not compile; mend what the compiler names.'
    })
  }
}

/** The library, from TypeScript to the JavaScript that notebooks import. */
export const library = {
  name: 'library',
  doing: 'compiling lib/',
  inputs: () => [
    ...['tsconfig.json', 'lib/tsconfig.json', 'node_modules/typescript/package.json'].map((path) =>
      contents(inRoot(path))
    ),
    ...tree(inRoot('lib'), (entry) => !apart.has(entry.name) && isTypeScript(entry))
  ],
  outputs: () => tree(dist, () => true),
  async run() {
    rmSync(dist, { recursive: true, force: true }) // what came of sources that are gone
    await run('library', process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'lib'], {
      advice: 'lib/ does not compile; mend what the compiler names.'
    })
  }
}

// @ts-check
/**
 * Compiles the AssemblyScript kernels and writes them into the library as text, so that it loads them the same way in
 * Node, in a worker and in a browser.
 */
import asc from 'assemblyscript/asc'
import { inRoot, root } from './root.mjs'
import { writeWhole } from './step.mjs'

/** @type {Map<string, string | Uint8Array>} */
const files = new Map()
const { error, stderr } = await asc.main(
  [
    inRoot('lib/networks/kernels/index.ts'),
    '--baseDir',
    root,
    '--outFile',
    'kernels.wasm',
    '-O3',
    '--runtime',
    'stub',
    '--noAssert',
    '--enable',
    'simd',
    '--use',
    'abort='
  ],
  {
    writeFile: (name, contents) => void files.set(name, contents),
    listFiles: () => []
  }
)
if (error) {
  console.error(`the kernels do not compile: ${error.message}\n${stderr.toString()}`)
  process.exit(1)
}
const base64 = Buffer.from(/** @type {Uint8Array} */ (files.get('kernels.wasm'))).toString('base64')
writeWhole(
  inRoot('lib/networks/kernels.generated.ts'),
  `/** lib/networks/kernels, compiled by tools/setup/build-kernels.mjs. */\nexport default '${base64}'\n`
)

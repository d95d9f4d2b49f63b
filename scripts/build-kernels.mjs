/**
 * Compiles the AssemblyScript kernels and writes them into the library as text, so that it loads them the same way in
 * Node, in a worker and in a browser.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import asc from 'assemblyscript/asc'

const root = resolve(import.meta.dirname, '..')
const files = new Map()
const { error, stderr } = await asc.main(
  [
    resolve(root, 'lib/kernels/index.ts'),
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
    writeFile: (name, contents) => files.set(name, contents),
    listFiles: () => []
  }
)
if (error) {
  console.error(`the kernels do not compile: ${error.message}\n${stderr.toString()}`)
  process.exit(1)
}
const base64 = Buffer.from(files.get('kernels.wasm')).toString('base64')
const target = resolve(root, 'lib/networks/kernels.generated.ts')
mkdirSync(resolve(root, 'lib/networks'), { recursive: true })
writeFileSync(
  `${target}.part`,
  `/** lib/kernels, compiled by scripts/build-kernels.mjs. */\nexport default '${base64}'\n`
)
renameSync(`${target}.part`, target)

/**
 * Set-up, then the main job: the paper's runs, which are recorded in out/results, and the notebooks, executed and as pages in
 * out/. Names choose notebooks, and leave out the runs; anything else is for `radgrad reproduce`:
 *
 *     npm run reproduce -- --quick
 *     npm run reproduce -- 02-dagger
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { executeNotebook } from './execute-notebook.mjs'
import { inRoot, root } from './setup/root.mjs'
import { setupOrExit } from './setup.mjs'

const folder = inRoot('out')
const names = readdirSync(inRoot('notebooks'))
  .filter((file) => file.endsWith('.ipynb'))
  .map((file) => basename(file, '.ipynb'))
  .sort()
const asked = process.argv.slice(2).filter((argument) => names.includes(argument))
const options = process.argv.slice(2).filter((argument) => !names.includes(argument))

await setupOrExit()
const abort = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => abort.abort())
if (asked.length === 0 || options.length > 0) await computeRuns()
for (const name of asked.length > 0 ? asked : names) {
  try {
    await executeNotebook(inRoot('notebooks', `${name}.ipynb`), folder, abort.signal)
  } catch (error) {
    console.error(abort.signal.aborted ? '\ninterrupted; what is in out/ is complete' : `\n${name}: ${error.message}`)
    process.exit(abort.signal.aborted ? 130 : 1)
  }
}
console.log('\nThe executed notebooks and pages that open anywhere, offline too:')
for (const name of asked.length > 0 ? asked : names) console.log(`  ${pathToFileURL(join(folder, `${name}.html`))}`)

/** Ends this process when the runs fail; the command itself says why. */
async function computeRuns() {
  const command = [inRoot('lib/bin/radgrad.js'), 'reproduce', '--results', join(folder, 'results'), ...options]
  // In a process group of its own: Ctrl-C in a terminal reaches us alone, and we pass it on.
  const child = spawn(process.execPath, command, { cwd: root, stdio: 'inherit', detached: true })
  abort.signal.addEventListener('abort', () => child.kill('SIGINT'), { once: true })
  const [code] = await once(child, 'close')
  if (code !== 0) process.exit(code ?? 1)
}

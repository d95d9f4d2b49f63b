/**
 * Set-up, then the main job: executes the notebooks, and leaves them and a page of each in out/.
 * Arguments choose notebooks by name: npm run reproduce -- 02-dagger
 */
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { executeNotebook } from './execute-notebook.mjs'
import { inRoot } from './setup/root.mjs'
import { setupOrExit } from './setup.mjs'

const folder = inRoot('out')
const names = readdirSync(inRoot('notebooks'))
  .filter((file) => file.endsWith('.ipynb'))
  .map((file) => basename(file, '.ipynb'))
  .sort()
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  console.error(`there is no notebook ${unknown.join(', ')}: choose from ${names.join(', ')}`)
  process.exit(1)
}

await setupOrExit()
const abort = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => abort.abort())
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

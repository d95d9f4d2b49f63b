/**
 * Set-up, then the site: what is committed as pages that open from a folder, without a network and without a server, in out/site.
 *
 *     npm run site
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inRoot } from './setup/root.mjs'
import { setupOrExit } from './setup.mjs'

await setupOrExit()
// what set-up compiles and installs
const { buildSite } = await import('./site/build.mjs')

const folder = inRoot('out/site')
try {
  console.log('\nThe site, of what is committed')
  await buildSite(folder)
  console.log(
    `\nIt opens anywhere, offline too, and may be moved as a folder:\n  ${pathToFileURL(join(folder, 'index.html'))}`
  )
} catch (error) {
  console.error(`\n${error.message}\n${folder} is as it was`)
  process.exit(1)
}

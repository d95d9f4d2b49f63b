/**
 * The site: what is committed as pages that open from a folder, without a network and without a server, in out/site.
 *
 *     npm run site
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { messageOf } from '../setup/errors.mjs'
import { inRoot } from '../setup/root.mjs'
import { buildSite } from './build.ts'

const folder = inRoot('out/site')
try {
  console.log('\nThe site, of what is committed')
  await buildSite(folder)
  console.log(
    `\nIt opens anywhere, offline too, and may be moved as a folder:\n  ${pathToFileURL(join(folder, 'index.html'))}`
  )
} catch (error) {
  console.error(`\n${messageOf(error)}\n${folder} is as it was`)
  process.exit(1)
}

/**
 * The live notebooks: a folder for any static server, in which they run in the reader's browser.
 *
 *     npm run live                     # builds out/live, serves it on the loopback address and opens the browser
 *     npm run live -- --build          # only builds
 *     npm run live -- --port 8000
 */
import { parseArgs } from 'node:util'
import { messageOf } from '../setup/errors.mjs'
import { inRoot } from '../setup/root.mjs'
import { buildLive } from './build.ts'
import { openInBrowser } from './open.ts'
import { portOf } from './port.ts'
import { serve } from './serve.ts'

const folder = inRoot('out/live')
try {
  const { values } = parseArgs({ options: { build: { type: 'boolean' }, port: { type: 'string' } } })
  const port = portOf(values.port)
  // a port that is taken is found before minutes of building
  const served = values.build ? undefined : await serve(folder, port)
  console.log('\nThe live notebooks, of what is committed')
  await buildLive(folder)
  if (!served) console.log(`\nAny static server can serve them: ${folder}`)
  else {
    const { address } = served
    console.log(`\nThey run at ${address} until Ctrl-C`)
    openInBrowser(address)
  }
} catch (error) {
  console.error(`\n${messageOf(error)}`)
  process.exit(1)
}

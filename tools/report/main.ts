/**
 * Renews, from the committed records, data/figures, data/tables and the sections of README.md and docs/results.md:
 *
 *     npm run report
 *
 * A test computes it again and fails where anything committed is stale. Figures are compared by the data that they were drawn
 * from, since pictures differ from one Chromium to the next.
 */
import { writeFileSync } from 'node:fs'
import { messageOf } from '../setup/errors.mjs'
import { inRoot } from '../setup/root.mjs'
import { committed, report, writeReport } from './report.ts'

try {
  const { pages, drawn, ...rest } = committed(await report([inRoot('data/results')]))
  await writeReport(rest, inRoot('data'))
  writeFileSync(inRoot('data/figures/drawn.json'), `${JSON.stringify(drawn, null, 1)}\n`)
  for (const [page, text] of Object.entries(pages)) writeFileSync(inRoot(page), text)
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 1
}

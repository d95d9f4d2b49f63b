import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Host } from 'radgrad/dist/internal.js'
import { berkeleyModel } from '../experts/berkeley.ts'
import { writeAtomically } from '../files.ts'
import { exported } from '../pictures/export.ts'
import { picture } from '../pictures/picture.ts'
import { inRoot } from '../setup/root.mjs'
import { demonstrationsIn } from './demonstrations.ts'
import { exists, listFolder } from './files.ts'
import { onInterrupt } from './interrupt.ts'
import { beforeIdle, cell } from './tslab.ts'

/** The host of the notebooks' kernel, the command line and plain scripts. */
export const nodeHost: Host = {
  settings: () => ({
    data: inRoot('data'),
    freshRecords: process.env.RADGRAD_RESULTS || undefined,
    quick: Boolean(process.env.RADGRAD_QUICK)
  }),
  readFile: (path) => readFile(resolve(path)), // an error then names the whole path
  exists,
  listFolder,
  writeFile: writeAtomically,
  demonstrationsIn,
  berkeleyModel,
  sweep: async (...sweep) => (await import('./sweep.ts')).sweepOnThisMachine(...sweep),
  cell,
  beforeIdle,
  onInterrupt,
  picture,
  exported
}

/**
 * The purpose of a notebook's execution. By itself, or in JupyterLab, a notebook shows the committed records and computes at the
 * paper's scale. In `npm run reproduce` it shows the records computed just now; in a quick run it computes little.
 */
import { type Protocol, quick } from '../protocol'
import { host } from './host'

/** Returns the folder with experts, records and tables, wherever the notebook or script stands. */
export const dataFolder = (): string => host().settings().data

/** Returns the folders of records. A record in a later folder replaces those of its name in earlier ones. */
export function recordFolders(): string[] {
  const { data, freshRecords } = host().settings()
  return [`${data}/results`, ...(freshRecords ? [freshRecords] : [])]
}

/** Returns changes to the paper's protocol: none, unless this is a quick run. */
export const protocolOverrides = (): Partial<Protocol> => (host().settings().quick ? quick : {})

/** Returns the words to put on what a quick run makes, '' in any other. */
export const quickRunNotice = (): string =>
  host().settings().quick ? `quick run: ${quick.iterations} iterations, ${quick.trials} trials` : ''

/**
 * What a notebook is executed for. By itself, or in JupyterLab, it shows the committed records and computes at the paper's
 * scale; `npm run reproduce` has it show the records just made, and compute little if that is asked for.
 */
import { type Protocol, quick } from '../experiments/protocol'

const { RADGRAD_RESULTS: fresh, RADGRAD_QUICK: asked } = process.env

/** Where records are, as seen from notebooks/: fresh ones stand for committed ones of their name. */
export const resultFolders: readonly string[] = ['../data/results', ...(fresh ? [fresh] : [])]

/** Changes to the paper's protocol: none, but in a quick run. */
export const scale: Partial<Protocol> = asked ? quick : {}

/** What is to be said on the figures and tables that a quick run makes; nothing in any other. */
export const warning = asked ? `quick run: ${quick.iterations} iterations, ${quick.trials} trials` : ''

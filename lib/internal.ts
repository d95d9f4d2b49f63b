/** The inner names, for tools and tests alone: `radgrad/dist/internal.js`, reached by file, as tslab ignores `exports` maps. */

export { bestPerStrategy } from './analysis/sweep'
export { calibrate } from './calibrate'
export { reacher, reacherModel } from './environments/reacher'
export { withSubtitle } from './figures/theme'
export { hasExpert } from './files/experts'
export { fraction, type PackHead, packEnding, packFormat } from './files/pack'
export { recordFileName, recordNamed, writeRecord } from './files/results'
export { fingerprint } from './networks/fingerprint'
export { decodeModel, encodeModel } from './networks/format'
export { type Bundle, type Host, type Send, setHost } from './notebook/host'
export { quickRunNotice } from './notebook/reproduction'
export { checkProtocol } from './protocol'
export {
  decodeRecord,
  duration,
  encodeRecord,
  numericsVersion,
  protocolHash,
  protocolOf,
  withExpertHash
} from './record'
export { runToRecord } from './run'
export { yieldToEventLoop } from './util/event-loop'
export { exponential } from './util/float'
export { isRecord } from './util/json'
export { normal } from './util/random'
export { quantile } from './util/statistics'

/** The public names: all that notebooks import. */

export { imitate } from './algorithm'
export { finalLosses, type Losses, type ResultsByTask } from './analysis/aggregate'
export { bootstrap, bootstrapMean, type Estimate, formatEstimate } from './analysis/bootstrap'
export {
  type Claim,
  type ClaimResult,
  claims,
  efficiency,
  evaluateClaim,
  generalClaims,
  type Verdict
} from './analysis/claims'
export { finalIteration, resultsBySeed, type SeedResults } from './analysis/results-by-seed'
export * from './analysis/study'
export * from './analysis/sweep'
export { type Table2Row, table2 } from './analysis/table-2'
export type { Batch } from './batch'
export { collect } from './collect'
export type { Dataset } from './dataset'
export * from './environments'
export { evaluate, trials } from './evaluate'
export { claimsFigure } from './figures/claims'
export { comparison } from './figures/comparison'
export { frontCurves } from './figures/fronts'
export { learningCurves, type Run } from './figures/learning-curves'
export { band, interval, intervalPlot, label, line, names, points, referenceLine } from './figures/marks'
export { nineFigure, paperFigure } from './figures/nine'
export { panelsFigure } from './figures/panels'
export { lossAgainstQueries } from './figures/queries'
export type { PaperEnds } from './figures/scales'
export { table2Figure } from './figures/table-2'
export { type Figure, figure, lookOf, type Words, withOpacity } from './figures/theme'
export { readDemonstrations } from './files/demonstrations'
export { berkeleyExperts, loadExpert } from './files/experts'
export { loadModel, saveModel } from './files/models'
export { readResults } from './files/results'
export type { Iteration, IterationRecord, RuleRecord } from './iteration'
export * from './networks'
export { experiment } from './notebook/experiment'
export { exportEpisodes, exportFigure, exportTable } from './notebook/export'
export { dataFolder, protocolOverrides, recordFolders } from './notebook/reproduction'
export { type Frame, playEpisodes, show, showCommitted, updatable } from './notebook/show'
export { type SweepOptions, sweep } from './notebook/sweep'
export { type Cost, type Participants, participantsOf } from './participants'
export { type Protocol, protocolFor, quick, type Settings } from './protocol'
export { type Outcome, type RecordedProtocol, type RunRecord, withExpertHash } from './record'
export * from './strategies'
export { type EpisodeTrace, traceEpisode } from './trace'
export { distances, joinColumns, norms } from './util/matrix'
export { generator, permutation, type Rng, uniform } from './util/random'
export { mean, standardDeviation } from './util/statistics'

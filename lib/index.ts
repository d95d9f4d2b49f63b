/** The public names: all that notebooks import. */

export { imitate, type Participants, participantsOf, type Settings } from './algorithm'
export type { ResultsByTask } from './analysis/aggregate'
export { bootstrap, bootstrapMean, type Estimate, formatEstimate } from './analysis/bootstrap'
export { type Claim, type ClaimResult, claims, efficiency, evaluateClaim, type Verdict } from './analysis/claims'
export { finalIteration, resultsBySeed, type SeedResults } from './analysis/results-by-seed'
export {
  chooseThresholds,
  choosingSeeds,
  commonRate,
  queryBudget,
  resultSeeds,
  studyTrials
} from './analysis/study'
export {
  means,
  type RunSummary,
  type SweepPoint,
  summarizeRun,
  sweepPoints,
  withSeeds
} from './analysis/sweep'
export { type Table2Row, table2 } from './analysis/table-2'
export { type Batch, collect } from './collect'
export type { Dataset } from './dataset'
export * from './environments'
export { evaluate, trials } from './evaluate'
export { comparison } from './figures/comparison'
export { frontCurves } from './figures/fronts'
export { improvementFigure } from './figures/improvement'
export { learningCurves, paperFigure, type Run, seedCurves } from './figures/learning-curves'
export { band, intervalPlot, line } from './figures/marks'
export { panelsFigure } from './figures/panels'
export { lossAgainstQueries } from './figures/queries'
export { type Figure, figure, withOpacity } from './figures/theme'
export { berkeleyExperts } from './files/berkeley'
export { loadExpert } from './files/experts'
export { loadModel, saveModel } from './files/models'
export { readResults } from './files/results'
export type { Iteration, IterationRecord } from './iteration'
export * from './networks'
export { experiment } from './notebook/experiment'
export { protocolOverrides, recordFolders } from './notebook/reproduction'
export { playEpisodes, show, showCommitted, updatable } from './notebook/show'
export { type Protocol, protocolFor, quick } from './protocol'
export { type Outcome, type RecordedProtocol, type RunRecord, withExpertHash } from './record'
export type { RuleRecord } from './rule-record'
export * from './strategies'
export { type EpisodeTrace, traceEpisode } from './trace'
export { distances, joinColumns, norms } from './util/matrix'
export { generator, permutation, type Rng, uniform } from './util/random'
export { mean, standardDeviation } from './util/statistics'

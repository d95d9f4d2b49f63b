/** What the notebooks import. */
export { improvements, interquartileMean, probabilityBelow, scores, type Tasks } from './analysis/aggregate'
export { bootstrap, bootstrapMean, type Estimate, inWords } from './analysis/bootstrap'
export { type Claim, claims, efficiency, type Judgement, judge, type Verdict } from './analysis/claims'
export { type Contest, contests, final } from './analysis/contests'
export { averagePrecision, precisionAndRecall } from './analysis/precision'
export { bestOfEach, means, ofSeeds, type Sample, type Settled, samples, settled } from './analysis/samples'
export { type Row, table2 } from './analysis/table-2'
export * from './environments'
export { type Collection, collect } from './experiments/collect'
export type { Dataset } from './experiments/dataset'
export { firstDifference } from './experiments/difference'
export { evaluate, trials } from './experiments/evaluate'
export { type Film, film } from './experiments/film'
export {
  type Iteration,
  type IterationRecord,
  imitate,
  imitateWith,
  type Parts,
  type Settings
} from './experiments/imitate'
export { type Protocol, protocolFor, quick } from './experiments/protocol'
export { type Outcome, type RecordedProtocol, type RunRecord, recorded } from './experiments/record'
export { type Actor, type Rollout, rollout } from './experiments/rollout'
export type { RuleRecord } from './experiments/rule-tally'
export { berkeleyExperts } from './experts/berkeley'
export { comparison } from './figures/comparison'
export { type Figure, faded, figure, withSubtitle } from './figures/figure'
export { animation, strip } from './figures/films'
export { frontCurves, improvementFigure } from './figures/fronts'
export { colours, learningCurves, paperFigure, type Run, seedCurves } from './figures/learning-curves'
export { dots, panelsFigure } from './figures/panels'
export { lossAgainstQueries } from './figures/queries'
export { loadExpert } from './files/experts'
export { loadModel, saveModel } from './files/models'
export { readResults, recordName } from './files/results'
export * from './networks'
export { experiment, experimentWith } from './notebook/experiment'
export { resultFolders, scale, warning } from './notebook/reproduction'
export { live, show, watch } from './notebook/show'
export { generator, integer, normal, permutation, type Rng, uniform } from './random'
export { mean, quantile, standardDeviation } from './statistics'
export * from './strategies'

/**
 * The related algorithms, each in the file of its name, with a gradient variant where its score has a gradient to query by.
 *
 * Each keeps what makes it differ in its queries. The learner, its training and the hyperparameters of Table 1 are the paper's, so that strategies
 * differ in nothing else. DropoutDAgger and the full EnsembleDAgger query in every state; LazyDAgger, ThriftyDAgger and RND-DAgger in every state
 * under the expert's control; the others where their rule does. A rule set to a rate needs twenty episodes of the learner's before each iteration
 * but the first, without queries.
 */
import { checkSettings, type Hyperparameters, readings as ours, type Readings } from '../hyperparameters'
import { bagger } from './bagger'
import { bootstrapDAgger } from './bootstrapdagger'
import { crsail } from './crsail'
import { dropoutDAgger } from './dropoutdagger'
import { ensembleDAgger } from './ensembledagger'
import { lazyDAgger } from './lazydagger'
import { rndDAgger } from './rnddagger'
import { thriftyDAgger } from './thriftydagger'

/**
 * Returns the related strategies by name, each after the paper that its source file cites.
 *
 * @param rate queries in this fraction of the states that the learner visits, in place of the thresholds
 */
export function relatedStrategies(hyperparameters: Hyperparameters, readings: Readings = ours, rate?: number) {
  checkSettings(hyperparameters, readings)
  return {
    ...dropoutDAgger(hyperparameters),
    ...bagger(hyperparameters, readings, rate),
    ...ensembleDAgger(hyperparameters, rate),
    ...lazyDAgger(hyperparameters, readings, rate),
    ...thriftyDAgger(rate),
    ...crsail(rate),
    ...rndDAgger(rate),
    ...bootstrapDAgger(rate)
  }
}

/** The name of one of the related strategies. */
export type RelatedName = keyof ReturnType<typeof relatedStrategies>

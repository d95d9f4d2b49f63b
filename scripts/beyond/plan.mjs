/**
 * What is run to answer what the paper left open (notebook 07): every rule at eight thresholds, on seeds that are for choosing;
 * then, on seeds that are for results, each rule's best threshold, and what is asked of single rules.
 */
import { bestOfEach, hyperparameters, means, protocolFor } from 'radgrad'

/** Shares of the states to ask in. */
export const rates = [0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.45]

/** The share at which rules are compared in one respect alone: the paper's P(query). */
const even = 0.3

/** What asks in every state has the distance to be swept within which the learner may act: Table 1's times these. */
const factors = [1 / 4, 1 / 2, 1, 2, 4, 8, 16, 32]

/** Few trials, since what is reported is the mean over the last five iterations. */
export const trials = 20

/** What is asked in differs from the share by as much, and should not cost a rule its threshold. */
const leeway = 1.1

const choosing = [101, 102, 103]
export const isForChoosing = (seed) => choosing.includes(seed)
const results = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
export const isForResults = (seed) => results.includes(seed)

export const rules = [
  'random',
  'loss',
  'loss-gradient',
  'safedagger',
  'safedagger-gradient',
  'ensembledagger',
  'ensembledagger-gradient',
  'bagger',
  'bagger-gradient',
  'crsail',
  'loss-gradient-random',
  'safedagger-gradient-random',
  'lazydagger',
  'lazydagger-gradient',
  'thriftydagger',
  'thriftydagger-gradient'
]

/** Rules that need the expert's action to decide. */
export const informed = ['dropoutdagger', 'ensembledagger-full']

const changesOf = (environment, rule) =>
  informed.includes(rule)
    ? factors.map((factor) => {
        const { loss, ...others } = hyperparameters[environment]
        return { trials, hyperparameters: { ...others, loss: { ...loss, tau: factor * loss.tau } } }
      })
    : rates.map((rate) => ({ trials, rate }))

const run = (environment, strategy, expert, changes, seed) => ({
  protocol: protocolFor(environment, strategy, expert, changes),
  seed
})

/** Every rule at its eight thresholds. */
export const sweep = (environment, expert, of = [...rules, ...informed]) =>
  choosing.flatMap((seed) =>
    of.flatMap((rule) => changesOf(environment, rule).map((changes) => run(environment, rule, expert, changes, seed)))
  )

/** What is compared at one share: weights, and readings of the gradient. */
export const variants = [
  ['random', {}],
  ['loss', {}],
  ['loss-gradient', {}],
  ['safedagger', {}],
  ['safedagger-gradient', {}],
  ['loss-gradient-random', {}],
  ['safedagger-gradient-random', {}],
  ['loss-gradient', { weighting: 'nearest' }],
  ['safedagger-gradient', { weighting: 'nearest' }],
  ['loss-gradient', { readings: { loss: 'jacobian', safety: 'probability' } }],
  ['loss-gradient', { readings: { loss: 'sum', safety: 'probability' } }],
  ['safedagger-gradient', { readings: { loss: 'norm', safety: 'logit' } }]
]

export const evenly = (environment, expert) =>
  results.flatMap((seed) =>
    variants.map(([rule, changes]) => run(environment, rule, expert, { trials, rate: even, ...changes }, seed))
  )

/**
 * Each rule's best threshold: of those that ask no more than a tenth more than Random does at the paper's share, or of all where none
 * does, the one that loses least. Rules whose sweep is not complete are left out, and all of them without Random's.
 *
 * @param swept the task's samples by the seeds for choosing
 */
export function best(expert, swept, of = [...rules, ...informed]) {
  const complete = (rule) => {
    const own = swept.filter(({ protocol, runs }) => protocol.strategy === rule && runs.length === choosing.length)
    return own.length === rates.length ? own : []
  }
  const chosen = complete('random').length > 0 ? bestOfEach(budget(swept), of.flatMap(complete)) : []
  return chosen.flatMap(({ protocol }) => results.map((seed) => ({ protocol: { ...protocol, expert }, seed })))
}

/** How many queries a rule's best may cost, by Random's samples among a task's. */
export function budget(swept) {
  const random = swept.find(({ protocol }) => protocol.strategy === 'random' && protocol.rate === even)
  return leeway * means(random).queries
}

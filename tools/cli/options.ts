/** Options that several commands take. */
import { InvalidArgumentError, Option } from '@commander-js/extra-typings'
import * as rg from 'radgrad'

export const wholeNumber =
  (from: number) =>
  (text: string): number => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < from)
      throw new InvalidArgumentError(`It must be a whole number from ${from} on.`)
    return value
  }

function share(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value < 1)) throw new InvalidArgumentError('It must be from 0 to below 1.')
  return value
}

const howOften = 'share of the states visited by the learner in which to query, in place of thresholds'
const byDefault = 'default: as many as there are processors'

export const rate = () => new Option('--rate <share>', howOften).argParser(share)
export const experts = () =>
  new Option('--experts <folder>', 'experts other than ours: Berkeley’s pickles, or saved models')
export const results = () => new Option('--results <folder>', 'where the records are').default('data/results')
export const workers = () => new Option('--workers <n>', `processes at a time (${byDefault})`).argParser(wholeNumber(1))
export const concurrency = () =>
  new Option('--concurrency <n>', `runs at a time (${byDefault})`).argParser(wholeNumber(1))
export const queue = () =>
  new Option('--queue <url>', 'a Redis through which workers on any machines do the work (machines.md)')

/** Names strategies on the command line: `radgrad` is the paper's own name for its algorithm. */
export const strategies = [...rg.allStrategyNames, 'radgrad'] as const

export const strategyOf = (name: (typeof strategies)[number]): rg.AnyStrategyName =>
  name === 'radgrad' ? 'loss-gradient' : name

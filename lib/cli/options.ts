/** Options that several commands take. */
import { InvalidArgumentError, Option } from 'commander'
import { type AnyName, allNames } from '../strategies'

export const wholeNumber =
  (from: number) =>
  (text: string): number => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < from)
      throw new InvalidArgumentError(`It must be a whole number from ${from} on.`)
    return value
  }

export const choice = (flags: string, description: string, names: readonly string[]): Option =>
  new Option(flags, description).choices(names)

/** What a strategy may be called: RadGrad is the paper's own name for its algorithm. */
export type StrategyChoice = AnyName | 'radgrad'

export const strategyChoices: readonly StrategyChoice[] = [...allNames, 'radgrad']

export const strategyOf = (name: StrategyChoice): AnyName => (name === 'radgrad' ? 'loss-gradient' : name)

export const count = (name: string, description: string): Option =>
  new Option(`--${name} <n>`, description).argParser(wholeNumber(1))

export const rateOption = (): Option =>
  new Option(
    '--rate <share>',
    'share of the states that the learner meets in which to ask, in place of thresholds'
  ).argParser((text) => {
    const value = Number(text)
    if (text.trim() === '' || !(value >= 0 && value < 1))
      throw new InvalidArgumentError('It must be from 0 to below 1.')
    return value
  })

export const expertsOption = (): Option =>
  new Option('--experts <folder>', 'experts other than ours: Berkeley’s pickles, or saved models')

export const resultsOption = (): Option =>
  new Option('--results <folder>', 'where the records are').default('data/results')

export const workersOption = (): Option =>
  count('workers', 'processes at a time (default: as many as there are processors)')

export const queueOption = (): Option =>
  new Option('--queue <url>', 'a Redis through which workers on any machines do the work (machines.md)')

/** Options that several commands take. */
import { InvalidArgumentError, Option } from '@commander-js/extra-typings'
import * as rg from 'radgrad'
import { isFile, loadOwn, type Own } from '../sweep/own.ts'

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

function amount(text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('It must be a number above 0.')
  return value
}

const howOften = 'share of the states visited by the learner in which to query, in place of thresholds'
const byDefault = 'default: as many as there are processors'

export const rate = () => new Option('--rate <share>', howOften).argParser(share)
export const budget = () =>
  new Option('--budget <cost>', 'of all labels, their count unless a file has another cost').argParser(amount)
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

/** A strategy by name, or the file of one's own: its `.ts` tells. */
export const strategy = () =>
  new Option('--strategy <name>', 'when to query the expert; or a file, ./mine.ts, that exports a strategy').argParser(
    (text): string => {
      if (isFile(text) || (strategies as readonly string[]).includes(text)) return text
      throw new InvalidArgumentError(`Allowed choices are ${strategies.join(', ')}, or a file: ./mine.ts.`)
    }
  )

/** Returns the strategy of an option, and what its file declares if it is one. */
export async function chosen(text: string): Promise<{ strategy: rg.AnyStrategyName; own?: Own }> {
  if (!isFile(text)) return { strategy: strategyOf(text as (typeof strategies)[number]) }
  const own = await loadOwn(text)
  return { strategy: own.name, own }
}

export const strategyOf = (name: (typeof strategies)[number]): rg.AnyStrategyName =>
  name === 'radgrad' ? 'loss-gradient' : name

/**
 * Checks of what the parts of a run give, where it comes in: any part may be a user's own. An error names the part, the episode, the step
 * and the value. Classes are told by name, for those of a notebook's cells are not ours.
 */
import { optional } from 'valibot'
import type { Mask, Rule, Scores } from './strategies'
import { func, listOf, object, part, text } from './util/schema'

/** Returns checks of what is given for some states. `place` names the state of a row. */
export function checksOf(rows: number, place: (row: number) => string) {
  /** Returns a list of one kind and length. */
  function list<T>(what: string, given: T, kind: string, length: number): T {
    const [found, size] = [builtInKind(given), Object(given).length]
    if ((kind === '' || kind === found) && size === length) return given
    const told = size === undefined ? found.toLowerCase() : `${found} of ${size}`
    const why = found === 'Promise' ? ': it must answer at once' : ''
    throw new TypeError(
      `${what} for ${rows > 0 ? place(0) : 'no state'} must be ${kind || 'Array'} of ${length}, not ${told}${why}`
    )
  }
  /** Returns numbers, [rows, columns], which must be finite. */
  function numbers<T extends ArrayLike<number>>(what: string, given: T, columns: number, kind = 'Float32Array'): T {
    list(what, given, kind, rows * columns)
    for (let i = 0; i < given.length; i++) {
      if (Number.isFinite(given[i])) continue
      const where = `${place(Math.floor(i / columns))} has ${given[i]} at entry ${i % columns}`
      throw new RangeError(`${what} for ${where}: give finite numbers`)
    }
    return given
  }
  const mask = (what: string, given: Mask): Mask => list(what, given, 'Uint8Array', rows)
  /** Returns the masks of a rule, one for each of its reasons. */
  const masks = ({ reasons }: Rule, given: readonly Mask[]): Mask[] =>
    list("the rule's masks", given, 'Array', reasons.length).map((each, i) => mask(`the mask '${reasons[i]}'`, each))
  /** Returns scores whose columns are checked when they are computed. */
  const scores = (given: Scores): Scores =>
    Object.fromEntries(
      Object.entries(given).map(([name, column]) => [name, () => numbers(`the score '${name}'`, column(), 1)])
    )
  return { numbers, mask, masks, scores }
}

/** Returns checks of what is given for the next step of some episodes, which have taken `steps` so far. */
export const checksIn = (episodes: readonly number[], steps: ArrayLike<number>) =>
  checksOf(episodes.length, (row) => `episode ${episodes[row]} at its step ${steps[episodes[row]]}`)

/** Returns the built-in kind of a value, which an extension of a kind shares. */
const builtInKind = (given: unknown): string => Object.prototype.toString.call(given).slice(8, -1)

const mayBe = optional(func)
const rule = object({ reasons: listOf(text), rankedBy: optional(listOf(text)), query: func, calibrate: mayBe })
const strategy = object({ title: text, critic: optional(part('create')), rule, control: func, release: mayBe })
const environment = part('observationSize', 'actionSize', 'reset')
const [expert, expertReturns] = [part('predict'), optional(part('length'))]

export const participantsSchema = object({ environment, strategy, expert, expertReturns })

export const criticSchema = part('networks', 'fit', 'score')

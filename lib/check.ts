/**
 * Checks of what the parts of a run give, where it comes in: any part may be a user's own. An error names the part, the episode, the step
 * and the value.
 */
import * as v from 'valibot'
import type { Network } from './networks'
import { isInTraining } from './networks/fit'
import type { Participants } from './participants'
import type { Critic, CriticSpec, CriticTraining, Experience, Mask, QueryStrategy, Rule, Scores } from './strategies'
import { columnOf, memoize } from './strategies/scores'
import { expertControl } from './strategies/strategy'
import { builtInKind, hear, isList, isPromise, mapValues } from './util/json'
import { a, check, count, func, listOf, mayBe, object, part, plain, text } from './util/schema'

/** Returns checks of what is given for some states. `place` names the state of a row. */
export function checksOf(rows: number, place: (row: number) => string) {
  /** Returns a thing of one kind and, if it is a list, length. */
  function take<T>(what: string, given: T, kind: string, length?: number): T {
    const [found, size] = [builtInKind(given), Object(given).length]
    if ((kind === '' || kind === found) && (length === undefined || size === length)) return given
    hear([given])
    const wanted = length === undefined ? kind : `${kind || 'Array'} of ${length}`
    const told = size === undefined ? found.toLowerCase() : `${found} of ${size}`
    const why = /Promise|Async/.test(found) ? ': it must answer at once' : ''
    throw new TypeError(`${what} for ${rows > 0 ? place(0) : 'no state'} must be ${wanted}, not ${told}${why}`)
  }
  /** Returns numbers, [rows, columns], which must be finite. */
  function numbers<T extends ArrayLike<number>>(what: string, given: T, columns: number, kind = 'Float32Array'): T {
    take(what, given, kind, rows * columns)
    for (let i = 0; i < given.length; i++) {
      if (Number.isFinite(given[i])) continue
      const where = `${place(Math.floor(i / columns))} has ${given[i]} at entry ${i % columns}`
      const why = /policy/.test(what) ? '; its weights have probably diverged: lower the learning rate' : ''
      throw new RangeError(`${what} for ${where}: give finite numbers${why}`)
    }
    return given
  }
  function mask(what: string, given: Mask): Mask {
    const odd = take(what, given, 'Uint8Array', rows).findIndex((value) => value > 1)
    if (odd < 0) return given
    throw new RangeError(`${what} for ${place(odd)} is ${given[odd]}: a mask has 1 for yes and 0 for no`)
  }
  /** Returns the masks of a rule, one for each of its reasons. */
  const masks = ({ reasons }: Rule, given: readonly Mask[]): Mask[] => {
    if (isList(given)) hear(given)
    const masks = take("the rule's masks", given, 'Array', reasons.length)
    return masks.map((one, i) => mask(`the mask '${reasons[i]}'`, one))
  }
  /** Returns scores whose columns are checked when they are computed, and are copies: a rule may sort its own. */
  const scores = (given: Scores): Scores => {
    hear(Object.values(take('what score gives', given, 'Object')))
    return mapValues(given, (column, name) => {
      const what = `the score '${name}'`
      const compute = naming(what, take(what, column, 'Function').bind(given))
      return () => numbers(what, compute(), 1).slice()
    })
  }
  return { numbers, mask, masks, scores }
}

/** Returns checks of what is given for the next step of some episodes, which have taken `steps` so far. */
export const checksIn = (episodes: readonly number[], steps: ArrayLike<number>) =>
  checksOf(episodes.length, (row) => `episode ${episodes[row]} at its step ${steps[episodes[row]]}`)

export const differ = (names: readonly string[]): boolean => new Set(names).size === names.length
const advice =
  '$field.reasons must differ, or they are counted twice: give one another name, { ...above(…), reasons: [name] }'
const reserved = `$field.reasons must not have '${expertControl}', the reason where the expert keeps control: give it another name`
const [reasons, rankedBy, thresholds] = [listOf(text), v.optional(listOf(text)), v.optional(plain)]
/** Of a rule that may be a part of another. */
export const partialRuleSchema = object({ reasons, rankedBy, thresholds, query: func, calibrate: mayBe })
export const ruleSchema = v.pipe(
  partialRuleSchema,
  v.check(({ reasons }) => differ(reasons), advice),
  v.check(({ reasons }) => !reasons.includes(expertControl), reserved)
)
const critic = part({ name: text, create: func })
const acts = { control: func, release: mayBe, behaviour: mayBe }
export const strategySchema = object({ title: text, critic: v.optional(critic), rule: ruleSchema, ...acts })
export const sizes = { observationSize: count, actionSize: count, horizon: count }
export const environmentSchema = part({ name: text, ...sizes, reset: func })
export const policySchema = part({ inputs: count, outputs: count, predict: func })

const isNetwork = (network: unknown): boolean =>
  ['weights', 'setWeights'].every((method) => typeof Object(network)[method] === 'function')
const networks = listOf(a<Network>('a network, as createNetwork returns it', isNetwork))
export const criticSchema = object({ networks, states: v.optional(listOf(plain)), fit: func, score: func })

/** Creates the critic that is declared. */
export async function createCritic(declared: CriticSpec, ...where: Parameters<CriticSpec['create']>): Promise<Critic> {
  check(part({ critic }), 'declared', { critic: declared })
  const created = await naming(`the critic '${declared.name}'`, declared.create.bind(declared))(...where)
  check(part({ critic: criticSchema }), 'created', { critic: created })
  return created
}

/** Checks that a critic gives the scores that the strategy's rule names. */
export function checkScores(critic: Critic, { environment, strategy }: Participants): void {
  const { observationSize: m, actionSize: n } = environment
  const named = namedStrategy(strategy, critic, undefined)
  const score = memoize(() => named.score(new Float32Array(m), new Float32Array(n), 1))
  for (const name of strategy.rule.rankedBy ?? []) columnOf(checksOf(0, String).scores(score()), name)
}

/** Returns what a part of a run does, at once or later, with its name in front of its errors, but for an abort's. */
export function naming<Given extends unknown[], T>(part: string, work: (...given: Given) => T, signal?: AbortSignal) {
  const fail = (error: unknown): never => {
    const { name, message } = Object(error)
    if (signal?.aborted || name === 'AbortError') throw error
    throw new Error(`${part}: ${message || String(error ?? 'it failed without an error')}`, { cause: error })
  }
  return (...given: Given): T => {
    try {
      const result = work(...given)
      return isPromise(result) ? (result.catch(fail) as T) : result
    } catch (error) {
      return fail(error)
    }
  }
}

/** Returns what a strategy and its critic do, with its name and the part's in front of errors. */
export function namedStrategy(strategy: QueryStrategy, critic: Critic, signal: AbortSignal | undefined) {
  const { title, rule, control, release, behaviour } = strategy
  const named = <Given extends unknown[], T>(part: string, work: (...given: Given) => T) =>
    naming(`the strategy '${title}': its ${part}`, work.bind(strategy), signal)
  return {
    rule,
    score: named("critic's score", critic.score.bind(critic)),
    query: named('rule', rule.query.bind(rule)),
    control: named('control', control),
    release: release && named('release', release),
    behaviour: behaviour && named('behaviour', behaviour)
  }
}

/** Trains a critic on copies of all data. Returns the names of its networks that have died. */
export function fitCritic({ name }: CriticSpec, critic: Critic, experience: Experience, training: CriticTraining) {
  const { policy, ...data } = experience
  const fit = async () => {
    const dead = await critic.fit({ policy, ...structuredClone(data) }, training)
    check(listOf(text), "what the critic's fit returns", dead)
    if (!critic.networks.some(isInTraining)) return dead
    throw new Error("the critic's fit ended before its training: await rg.fit")
  }
  return naming(`the critic '${name}'`, fit, training.signal)()
}

const given = { expertReturns: v.optional(v.unknown()), cost: mayBe, demonstrations: v.optional(plain) }
/** The fields of `Participants`. */
export const participants = { environment: environmentSchema, strategy: strategySchema, expert: policySchema, ...given }

/** The points of a sweep: combinations of settings of one strategy. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as rg from 'radgrad'
import { isRecord, recordFileName } from 'radgrad/dist/internal.js'
import type { Wanted } from '../cli/records.ts'
import { pack } from './job.ts'
import { type Own, withOwn } from './own.ts'

/** Values by the paths of the protocol's fields. */
export type Settings = Readonly<Record<string, readonly (string | number)[]>>

/** A protocol, and what it differs in from the others: `safety.tau=0.02`. */
export interface Point {
  readonly label: string
  readonly protocol: rg.Protocol
}

/**
 * Returns the protocols with each combination of settings. A path is of the protocol, `fit.epochs`, or of its hyperparameters, `safety.tau`.
 *
 * @throws RangeError that names the wrong field and what is allowed
 */
export function pointsOf(base: rg.Protocol, settings: Settings): Point[] {
  let points: { readonly label: string; readonly changed: Readonly<Record<string, unknown>> }[] = [
    { label: '', changed: base }
  ]
  for (const [path, values] of Object.entries(settings)) {
    if (['environment', 'strategy', 'expert'].includes(path))
      throw new RangeError(`${path} is no setting of a sweep: sweep each by itself`)
    if (!Array.isArray(values)) throw new TypeError(`set: ${path}: give a list of values, not ${values}`)
    if (new Set(values).size < values.length) throw new RangeError(`${path} has one value twice: ${values.join(', ')}`)
    const names = path.split('.')
    const whole = !(names[0] in base) && names[0] in base.hyperparameters ? ['hyperparameters', ...names] : names
    points = points.flatMap(({ label, changed }) =>
      values.map((value) => ({
        label: values.length > 1 ? `${label}${label && ','}${path}=${value}` : label,
        changed: put(changed, whole, value)
      }))
    )
  }
  const { environment, strategy, expert } = base
  return points.map(({ label, changed }) => ({
    label,
    protocol: rg.protocolFor(environment, strategy, expert, changed)
  }))
}

/** Returns the folders in which a folder has records: itself, unless it has but the points of a sweep, and theirs. */
export async function foldersOf(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.'))
  const points = names.filter((name) => name.includes('=')).sort()
  const itself = points.length === 0 || points.length < names.length
  return [...(itself ? [folder] : []), ...points.map((name) => join(folder, name))]
}

/** Returns a copy with a value at a path. */
function put(
  target: Readonly<Record<string, unknown>>,
  [name, ...rest]: readonly string[],
  value: unknown
): Record<string, unknown> {
  if (rest.length === 0) return { ...target, [name]: value }
  const inner = target[name]
  if (!isRecord(inner))
    throw new RangeError(`there is no field ${[name, ...rest].join('.')}: there are ${Object.keys(target).join(', ')}`)
  return { ...target, [name]: put(inner, rest, value) }
}

/** Returns the runs of points, with seeds from 1, each point's in a folder of its own. */
export async function runsOf(points: readonly Point[], seeds: number, own: Own | undefined): Promise<Wanted[]> {
  const wanted: Wanted[] = []
  for (const { label, protocol } of points) {
    const recorded = await rg.withExpertHash(own ? withOwn(protocol, own) : protocol)
    const expert = pack(protocol.expert)
    for (let seed = 1; seed <= seeds; seed++) {
      const name = await recordFileName({ protocol: recorded, seed })
      wanted.push({ protocol: recorded, seed, expert, name, folder: label, label, own: own?.file })
    }
  }
  return wanted
}

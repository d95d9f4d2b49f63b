import { describe, expect, test } from 'vitest'
import type { Model } from '../lib/networks'
import { fingerprint } from '../lib/networks/format'
import { protocolHash, type RecordedProtocol, withExpertHash } from '../lib/record'
import { protocolOf } from '../tools/sweep/recorded.ts'
import { runToRecord } from '../tools/sweep/run-to-record.ts'
import { expert, shorterProtocol } from './short-run'

const protocol = shorterProtocol('safedagger-gradient-random', { trials: 4 })
/** As a record has it, with the fields that may be left out, and after its way through a file. */
const known: RecordedProtocol = JSON.parse(
  JSON.stringify(
    await withExpertHash({ ...protocol, fit: { ...protocol.fit, patience: 7 }, rate: 0.25, weighting: 'nearest' })
  )
)
const mayBeLeftOut = [['fit', 'patience'], ['rate'], ['weighting']]

type Path = readonly (string | number)[]
type Tree = Record<string | number, unknown>

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null

/** The paths of all fields and entries of a piece of JSON, objects and lists included. */
const paths = (value: unknown, path: Path = []): Path[] =>
  isTree(value) ? Object.keys(value).flatMap((key) => [[...path, key], ...paths(value[key], [...path, key])]) : []

const at = (value: unknown, path: Path): unknown => path.reduce((inner, key) => (inner as Tree)[key], value)

/** Returns a copy in which the object or list of the path's last field is changed. */
function altered(path: Path, change: (place: Tree, key: string | number) => void): unknown {
  const copy: unknown = structuredClone(known)
  change(at(copy, path.slice(0, -1)) as Tree, path[path.length - 1])
  return copy
}
const replaced = (path: Path, value: unknown): unknown =>
  altered(path, (place, key) => {
    place[key] = value
  })
const without = (path: Path): unknown =>
  altered(path, (place, key) => {
    if (Array.isArray(place)) place.splice(Number(key), 1)
    else delete place[key]
  })

/** Returns another value of the same type. */
function another(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'string') return `${value}!`
  if (typeof value === 'boolean') return !value
  return 0
}

const allPaths = paths(known)
/** The fields that are the protocol's own; what is in a network is TensorFlow's to say. */
const own = allPaths.filter(([first]) => first !== 'policy')
const read = (protocol: unknown, by = expert) => protocolOf(protocol, by)
const refused = (protocol: unknown) =>
  read(protocol).then(
    () => 'accepted',
    (error: Error) => error.message
  )

describe('the hash of a protocol', () => {
  const hashed = (protocol: unknown) => protocolHash(protocol as RecordedProtocol)

  test('the hash does not depend on the order of fields', async () => {
    const backwards = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(backwards)
        : isTree(value)
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, inner]) => [key, backwards(inner)])
            )
          : value
    expect(Object.keys(backwards(known) as Tree)[0]).toBe('weighting')
    expect(await hashed(backwards(known))).toBe(await hashed(known))
  })

  test('the hash is another with any field changed or left out, however deep', async () => {
    const expected = await hashed(known)
    const names = allPaths.map((path) => path.join('.'))
    for (const name of ['masses', 'fit.patience', 'readings.safety', 'hyperparameters.loss.epsilon', 'expert'])
      expect(names).toContain(name)
    expect(names).toContain('policy.config.layers.2.config.units')
    const seen = new Map([[expected, 'the protocol itself']])
    for (const [i, path] of allPaths.entries()) {
      for (const changed of [replaced(path, another(at(known, path))), without(path)]) {
        const hash = await hashed(changed)
        expect(seen.get(hash), names[i]).toBeUndefined()
        seen.set(hash, names[i])
      }
    }
  })

  test('the hash is another with a layer more or with two layers exchanged', async () => {
    const { layers } = known.policy.config
    const path = ['policy', 'config', 'layers']
    for (const other of [
      [...layers, layers[0]],
      [layers[2], layers[1], layers[0], ...layers.slice(3)]
    ])
      expect(await hashed(replaced(path, other))).not.toBe(await hashed(known))
  })

  test('the hash is another with one bit changed in a weight of the expert', async () => {
    const other = structuredClone(expert)
    new Uint32Array(other.weights[0].values.buffer)[0] ^= 1
    expect(await hashed(await withExpertHash({ ...protocol, expert: other }))).not.toBe(
      await hashed(await withExpertHash(protocol))
    )
  })
})

describe('a recorded protocol', () => {
  test('a recorded protocol runs to the same outcome', async () => {
    const first = await runToRecord(protocol, 3, 'a machine')
    const again = await read(JSON.parse(JSON.stringify(first.protocol)))
    expect(again).toStrictEqual(protocol)
    expect((await runToRecord(again, 3, 'a machine')).outcome).toStrictEqual(first.outcome)
  })

  test('a recorded protocol, read and recorded again, is the same', async () => {
    expect(await withExpertHash(await read(known))).toStrictEqual(known)
  })

  test('a recorded protocol is refused with another expert, and both hashes are named', async () => {
    const other: Model = {
      ...expert,
      weights: expert.weights.map((w) => ({ ...w, values: w.values.map((x) => 2 * x) }))
    }
    const [found, wanted] = [(await fingerprint(other)).slice(0, 8), known.expert.slice(0, 8)]
    await expect(read(known, other)).rejects.toThrow(`the expert is network ${found}, not ${wanted}`)
  })

  test.each([null, undefined, 3, 'protocol', [], [known]])(
    'a recorded protocol that is %j is refused: it is no object',
    async (value) => {
      await expect(read(value)).rejects.toThrow(/^protocol must be an object, not /)
    }
  )

  const optional = mayBeLeftOut.map((path) => path.join('.'))
  test.each(own.map((path) => [path.join('.'), path] as const).filter(([name]) => !optional.includes(name)))(
    'a recorded protocol is refused without %s',
    async (name, path) => {
      expect(await refused(without(path))).toMatch(naming(name))
    }
  )

  test.each(mayBeLeftOut.map((path) => [path.join('.'), path] as const))(
    'a recorded protocol may leave out %s',
    async (_, path) => {
      expect(paths(await withExpertHash(await read(without(path))))).not.toContainEqual(path)
    }
  )

  const objects = [[], ...own.filter((path) => isTree(at(known, path)))]
  test.each(objects.map((path) => [path.join('.') || 'protocol', path] as const))(
    'a recorded protocol is refused with an unknown field of %s',
    async (_, path) => {
      for (const field of ['more', 'toString', 'constructor', '__proto__']) {
        const extra = JSON.parse(`{"${field}":1}`)
        const changed =
          path.length > 0
            ? altered([...path, field], (place) => mergeOwn(place, extra))
            : mergeOwn(structuredClone(known), extra)
        expect(await refused(changed)).toContain(`there is no field ${[...path, field].join('.')}: there are `)
      }
    }
  )

  test.each(own.map((path) => [path.join('.'), path] as const))(
    'a recorded protocol is refused with a wrong %s',
    async (name, path) => {
      const right = at(known, path)
      for (const value of [null, true, {}, [], [right], { toString: 1 }, ...wrongLike(right)])
        expect(await refused(replaced(path, value)), JSON.stringify(value)).toMatch(naming(name))
    }
  )

  test.each([
    [['masses'], 'old', "there is no masses 'old': choose one of legacy, current"],
    [['iterations'], 0, 'iterations must be a whole number from 1 on, not 0'],
    [['episodes'], 1.5, 'episodes must be a whole number from 1 on, not 1.5'],
    [['trials'], 2 ** 53, 'trials must be a whole number from 1 on, not 9007199254740992'],
    [['fit', 'patience'], 0, 'fit.patience must be a whole number from 1 on, not 0'],
    [['validation'], 1, 'validation', 'from 0 to below 1, not 1'],
    [['hyperparameters', 'query'], -0.1, 'hyperparameters.query', 'from 0 to below 1, not -0.1'],
    [['hyperparameters', 'safety', 'tau'], 0, 'hyperparameters.safety.tau must be a number above 0, not 0'],
    [['readings', 'loss'], 'mean', "there is no readings.loss 'mean': choose one of norm, jacobian, sum"],
    [['rate'], 1, 'rate', 'from 0 to below 1, not 1'],
    [['rate'], -0.1, 'rate', 'from 0 to below 1, not -0.1'],
    [['rate'], 'x', 'rate', 'from 0 to below 1, not x'],
    [['weighting'], 'density', "there is no weighting 'density': choose one of nearest"]
  ] as [Path, unknown, ...string[]][])(
    'a recorded protocol with a %j of %j is refused with field, value and what is allowed',
    async (path, value, ...words) => {
      const message = await refused(replaced(path, value))
      for (const word of words) expect(message).toContain(word)
    }
  )

  test.each([
    ['a policy that is missing', without(['policy'])],
    ['a policy without a class', without(['policy', 'class_name'])],
    ['a policy of another class', replaced(['policy', 'class_name'], 'Random')],
    ['a policy whose class is a list', replaced(['policy', 'class_name'], ['Sequential'])],
    ['a policy without layers', replaced(['policy', 'config', 'layers'], [])],
    ['a policy with a layer that is none', replaced(['policy', 'config', 'layers', 1], 'Dropout')],
    ['a policy that is a number', replaced(['policy'], 3)]
  ])('a recorded protocol is refused with %s', async (_, changed) => {
    expect(await refused(changed)).toMatch(/^policy\b/)
  })
})

/** Matches an error that names a field, or one in it; the expert’s hash is compared with the expert’s own. */
function naming(name: string): RegExp {
  if (name === 'expert') return /^the expert is network [0-9a-f]{8}, not /
  const field = name.replaceAll('.', '\\.')
  return new RegExp(`^(${field}[\\w.]* (must be|is missing)|there is no (${field}[\\w.]* '|field ${field}\\.\\w+:))`)
}

const wrongLike = (right: unknown): unknown[] =>
  typeof right === 'number' ? [String(right), -right, Number.NaN, Number.POSITIVE_INFINITY] : ['', `${right}!`, 1]

/** Merges as JSON.parse would: a `__proto__` is a field like any other. */
function mergeOwn(place: object, extra: object): object {
  for (const [key, value] of Object.entries(extra))
    Object.defineProperty(place, key, { value, enumerable: true, configurable: true, writable: true })
  return place
}

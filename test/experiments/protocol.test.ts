import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { environments } from '../../lib/environments'
import { fingerprint } from '../../lib/experiments/hash'
import { type Protocol, protocolFor } from '../../lib/experiments/protocol'
import { protocolHash, protocolOf, type RecordedProtocol, record, recorded } from '../../lib/experiments/record'
import { loadExpert } from '../../lib/files/experts'
import { recordName } from '../../lib/files/results'
import type { Model } from '../../lib/networks'
import { type AnyName, relatedNames, strategyNames } from '../../lib/strategies'

const expert = await loadExpert('reacher')
const small: Partial<Protocol> = { iterations: 3, episodes: 2, trials: 4 }
const protocol = protocolFor('reacher', 'safedagger-gradient-random', expert, small)
/** As a record has it, with the fields that may be left out, and after its way through a file. */
const known: RecordedProtocol = JSON.parse(
  JSON.stringify(
    await recorded({ ...protocol, fit: { ...protocol.fit, patience: 7 }, rate: 0.25, weighting: 'nearest' })
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

/** A copy in which something is done to the object or list that the path's last field is in. */
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

/** Another value of the same type. */
function another(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'string') return `${value}!`
  if (typeof value === 'boolean') return !value
  return 0
}

const allPaths = paths(known)
/** The fields that are the protocol's own; what is in a network is TensorFlow's to say. */
const own = allPaths.filter(([first]) => first !== 'policy')
const reading = (protocol: unknown, by = expert) => protocolOf(protocol, by)
const refused = (protocol: unknown) =>
  reading(protocol).then(
    () => 'accepted',
    (error: Error) => error.message
  )

describe('the hash of a protocol', () => {
  const hashed = (protocol: unknown) => protocolHash(protocol as RecordedProtocol)

  test('does not depend on the order of its fields', async () => {
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

  test('is another with any field changed or left out, however deep', async () => {
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

  test('is another with a layer more or two layers exchanged', async () => {
    const { layers } = known.policy.config
    const path = ['policy', 'config', 'layers']
    for (const other of [
      [...layers, layers[0]],
      [layers[2], layers[1], layers[0], ...layers.slice(3)]
    ])
      expect(await hashed(replaced(path, other))).not.toBe(await hashed(known))
  })

  test('is another with another expert, if only one bit of a weight differs', async () => {
    const other = structuredClone(expert)
    new Uint32Array(other.weights[0].values.buffer)[0] ^= 1
    expect(await hashed(await recorded({ ...protocol, expert: other }))).not.toBe(
      await hashed(await recorded(protocol))
    )
  })
})

test('the committed records’ names are still those of the paper’s protocol, and of that alone', async () => {
  const committed = await readdir('data/results')
  for (const environment of environments) {
    const expert = await loadExpert(environment)
    const named = async (strategy: AnyName, changes: Partial<Protocol> = {}) =>
      recordName({ protocol: await recorded(protocolFor(environment, strategy, expert, changes)), seed: 1 })
    for (const strategy of strategyNames) {
      expect(committed).toContain(await named(strategy))
      expect(committed).not.toContain(await named(strategy, { weighting: 'nearest' }))
    }
    expect(committed).not.toContain(await named('random', { rate: 0.3 }))
    for (const strategy of relatedNames) expect(committed).not.toContain(await named(strategy))
  }
})

test.each(['supervised', 'dagger', 'dropoutdagger', 'ensembledagger-full'] as const)(
  '%s, which asks everywhere, is refused a rate',
  (strategy) => {
    expect(() => protocolFor('reacher', strategy, expert, { rate: 0.2 })).toThrow(
      `${strategy} asks in every state: it has no rate`
    )
  }
)

describe('a recorded protocol', () => {
  test('runs to the same outcome', async () => {
    const first = await record(protocol, 3, 'a machine')
    const again = await reading(JSON.parse(JSON.stringify(first.protocol)))
    expect(again).toStrictEqual(protocol)
    expect((await record(again, 3, 'a machine')).outcome).toStrictEqual(first.outcome)
  })

  test('is recorded as it was', async () => {
    expect(await recorded(await reading(known))).toStrictEqual(known)
  })

  test('is refused with another expert, which is told by hash', async () => {
    const other: Model = {
      ...expert,
      weights: expert.weights.map((w) => ({ ...w, values: w.values.map((x) => 2 * x) }))
    }
    const [found, wanted] = [(await fingerprint(other)).slice(0, 8), known.expert.slice(0, 8)]
    await expect(reading(known, other)).rejects.toThrow(`the expert is network ${found}, not ${wanted}`)
  })

  test.each([null, undefined, 3, 'protocol', [], [known]])('is an object, not %j', async (value) => {
    await expect(reading(value)).rejects.toThrow(/^protocol must be an object, not /)
  })

  const optional = mayBeLeftOut.map((path) => path.join('.'))
  test.each(own.map((path) => [path.join('.'), path] as const).filter(([name]) => !optional.includes(name)))(
    'is refused without %s',
    async (name, path) => {
      expect(await refused(without(path))).toMatch(told(name))
    }
  )

  test.each(mayBeLeftOut.map((path) => [path.join('.'), path] as const))('may leave out %s', async (_, path) => {
    expect(paths(await recorded(await reading(without(path))))).not.toContainEqual(path)
  })

  const objects = [[], ...own.filter((path) => isTree(at(known, path)))]
  test.each(objects.map((path) => [path.join('.') || 'protocol', path] as const))(
    'is refused with an unknown field of %s',
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

  test.each(own.map((path) => [path.join('.'), path] as const))('is refused with a wrong %s', async (name, path) => {
    const right = at(known, path)
    for (const value of [null, true, {}, [], [right], { toString: 1 }, ...wrongLike(right)])
      expect(await refused(replaced(path, value)), JSON.stringify(value)).toMatch(told(name))
  })

  test.each([
    [['masses'], 'old', "there is no masses 'old': choose one of legacy, current"],
    [['iterations'], 0, 'iterations must be a whole number from 1 on, not 0'],
    [['episodes'], 1.5, 'episodes must be a whole number from 1 on, not 1.5'],
    [['trials'], 2 ** 53, 'trials must be a whole number from 1 on, not 9007199254740992'],
    [['fit', 'patience'], 0, 'fit.patience must be a whole number from 1 on, not 0'],
    [['validation'], 1, 'validation is the share of states held out, from 0 to below 1, not 1'],
    [['hyperparameters', 'query'], -0.1, 'hyperparameters.query is the share of states that are asked about, from 0'],
    [['hyperparameters', 'safety', 'tau'], 0, 'hyperparameters.safety.tau must be a number above 0, not 0'],
    [['readings', 'loss'], 'mean', "there is no readings.loss 'mean': choose one of norm, jacobian, sum"],
    [['rate'], 1, 'rate is the share of states to ask in, from 0 to below 1, not 1'],
    [['rate'], -0.1, 'rate is the share of states to ask in, from 0 to below 1, not -0.1'],
    [['rate'], 'x', 'rate is the share of states to ask in, from 0 to below 1, not x'],
    [['weighting'], 'density', "there is no weighting 'density': choose one of nearest"]
  ] as [Path, unknown, string][])('is refused with a %j of %j in these words', async (path, value, words) => {
    expect(await refused(replaced(path, value))).toContain(words)
  })

  test.each([
    ['a policy that is missing', without(['policy'])],
    ['a policy without a class', without(['policy', 'class_name'])],
    ['a policy of another class', replaced(['policy', 'class_name'], 'Random')],
    ['a policy whose class is a list', replaced(['policy', 'class_name'], ['Sequential'])],
    ['a policy without layers', replaced(['policy', 'config', 'layers'], [])],
    ['a policy with a layer that is none', replaced(['policy', 'config', 'layers', 1], 'Dropout')],
    ['a policy that is a number', replaced(['policy'], 3)]
  ])('is refused with %s', async (_, changed) => {
    expect(await refused(changed)).toMatch(/^policy\b/)
  })
})

/** What an error that names a field, or one in it, says of it; the expert's hash is compared with what the expert has. */
function told(name: string): RegExp {
  if (name === 'expert') return /^the expert is network [0-9a-f]{8}, not /
  const field = name.replaceAll('.', '\\.')
  return new RegExp(`^(${field}[\\w.]* (must be|is the share)|there is no (${field}[\\w.]* '|field ${field}\\.\\w+:))`)
}

const wrongLike = (right: unknown): unknown[] =>
  typeof right === 'number' ? [String(right), -right, Number.NaN, Number.POSITIVE_INFINITY] : ['', `${right}!`, 1]

/** As JSON.parse would: a `__proto__` is a field like any other. */
function mergeOwn(place: object, extra: object): object {
  for (const [key, value] of Object.entries(extra))
    Object.defineProperty(place, key, { value, enumerable: true, configurable: true, writable: true })
  return place
}

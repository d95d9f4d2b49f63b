import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { generator } from '../../lib/util/random'
import { type BerkeleyExpert, type DenseLayer, readBerkeleyExpert } from '../../tools/experts/berkeley.ts'
import { mutate, outcome } from '../mutate'
import fixtures from './fixtures/berkeley.json'

// fixtures/berkeley.json is made by berkeley_oracle.py, which says how.

const decode = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'))
const synthetic = Object.entries(fixtures.synthetic.pickles).map(([protocol, base64]) => ({
  protocol,
  bytes: decode(base64)
}))

const dense = ({ weights, bias, units, activation }: DenseLayer, x: readonly number[]): number[] =>
  Array.from(bias, (b, unit) => {
    const sum = x.reduce((sum, value, input) => sum + value * weights[input * units + unit], b)
    return activation === 'tanh' ? Math.tanh(sum) : sum
  })

const act = ({ layers }: BerkeleyExpert, observation: readonly number[]): number[] =>
  layers.reduce((x, layer) => dense(layer, x), [...observation])

const shapes = ({ inputs, layers }: BerkeleyExpert): number[] => [inputs, ...layers.map(({ units }) => units)]

/** Checks that the sizes agree with one another and that all numbers are finite. */
const isSound = ({ inputs, layers }: BerkeleyExpert): boolean =>
  layers.every(({ weights, bias, units }, i) => {
    const size = (i === 0 ? inputs : layers[i - 1].units) * units
    return weights.length === size && bias.length === units && [...weights, ...bias].every(Number.isFinite)
  })

interface Answers {
  readonly observations: number[][]
  readonly actions: number[][]
}

function expectAnswers(expert: BerkeleyExpert, { observations, actions }: Answers): void {
  expect(observations.length).toBeGreaterThan(0)
  observations.forEach((observation, i) => {
    const found = act(expert, observation)
    expect(found.length).toBe(actions[i].length)
    found.forEach((value, j) => {
      expect(Math.abs(value - actions[i][j])).toBeLessThanOrEqual(1e-6 * Math.abs(actions[i][j]))
    })
  })
}

/** Reacher's case: what the physics leaves in an entry that never varied must not be seen in the action. */
function expectDeadInputHarmless(expert: BerkeleyExpert, { observations }: Answers): void {
  for (const observation of observations) {
    const still = act(expert, observation)
    const noisy = act(expert, [...observation.slice(0, -1), 1e-17])
    noisy.forEach((value, i) => {
      expect(Math.abs(value - still[i])).toBeLessThan(1e-9)
    })
  }
}

describe('an expert of the published structure', () => {
  test.each(synthetic)('an expert in pickle protocol $protocol gives the layers and their actions', ({ bytes }) => {
    const expert = readBerkeleyExpert(bytes)
    expect(shapes(expert)).toEqual([3, 5, 5, 2])
    expect(expert.layers.map(({ activation }) => activation)).toEqual(['tanh', 'tanh', 'linear'])
    expect(isSound(expert)).toBe(true)
    expectAnswers(expert, fixtures.synthetic)
    expectDeadInputHarmless(expert, fixtures.synthetic)
  })

  test.each(synthetic)('an expert in pickle protocol $protocol is refused when it is cut off anywhere', ({ bytes }) => {
    for (let length = 0; length < bytes.length; length++)
      expect(() => readBerkeleyExpert(bytes.subarray(0, length)), `${length} bytes`).toThrow(/^pickle, byte \d+/)
  })

  test.each(synthetic)(
    '10,000 mutations of an expert in pickle protocol $protocol give an Error or a sound expert',
    ({ protocol, bytes }) => {
      const rng = generator(2, 'mutations', protocol)
      let slowest = 0
      for (let i = 0; i < 10_000; i++) {
        const mutated = mutate(rng, bytes)
        const began = performance.now()
        const result = outcome(() => readBerkeleyExpert(mutated))
        slowest = Math.max(slowest, performance.now() - began)
        if ('error' in result) {
          if (!/^((pickle, byte \d+|expert.*): )?found .+, expected .+$/s.test(result.error.message)) throw result.error
        } else if (!isSound(result.value)) throw new Error(`mutation ${i} gives an unsound expert`)
      }
      expect(slowest).toBeLessThan(10_000) // no hang
    },
    60_000
  )
})

describe('other structures are refused by name', () => {
  const bytes = decode(fixtures.synthetic.pickles[2])
  const text = String.fromCharCode(...bytes)

  test.each([
    [
      'another nonlinearity',
      'X\x04\0\0\0tanh',
      'X\x05\0\0\0lrelu',
      /expert\.nonlin_type: found "lrelu", expected "tanh"/
    ],
    ['an unknown nonlinearity', 'X\x04\0\0\0tanh', 'X\x04\0\0\0silu', /expert\.nonlin_type: found "silu"/],
    ['another policy', 'GaussianPolicy', 'CaussianPolicy', /expert: found the keys "CaussianPolicy", "nonlin_type"/],
    ['no standardiser', 'Standardizer', 'standardizer', /expert\.GaussianPolicy\.obsnorm: found the keys/],
    ['no mean', 'meansq_1_D', 'meansq_1_X', /obsnorm\.Standardizer: found the keys .*"meansq_1_X"/],
    ['no hidden net', 'FeedforwardNet', 'FeedbackardNet', /GaussianPolicy\.hidden: found the keys/],
    ['a layer without weights', 'X\x01\0\0\0W', 'X\x01\0\0\0V', /AffineLayer: found the keys "V"/],
    [
      'an input too many',
      'K\x03K\x05\x86',
      'K\x05K\x03\x86',
      /layer_0\.AffineLayer\.W: found the shape \[5,3\], expected \[3,any\]/
    ],
    [
      'an output that does not chain',
      'K\x05K\x02\x86',
      'K\x02K\x05\x86',
      /out\.AffineLayer\.W: found the shape \[2,5\]/
    ],
    [
      'a bias that stands upright',
      'K\x01K\x05\x86',
      'K\x05K\x01\x86',
      /layer_\d\.AffineLayer\.b: found the shape \[5,1\]/
    ]
  ])('an expert with %s is refused by name', (_, from, to, message) => {
    expect(text).toContain(from)
    const altered = Uint8Array.from(text.replace(from, to), (character) => character.charCodeAt(0))
    expect(() => readBerkeleyExpert(altered)).toThrow(message)
  })

  test.each([
    ['meansq_1_D', Number.NaN, /meansq_1_D: found a number that is not finite/],
    ['mean_1_D', Number.POSITIVE_INFINITY, /mean_1_D: found a number that is not finite/],
    ['mean_1_D', 1e308, /too large to fold/]
  ])('an expert with %s of %d is refused', (name, value, message) => {
    const altered = decode(fixtures.synthetic.pickles[5])
    const data = altered.indexOf(0x96, String.fromCharCode(...altered).indexOf(name)) + 9
    new DataView(altered.buffer).setFloat64(data, value, true)
    expect(() => readBerkeleyExpert(altered)).toThrow(message)
  })
})

describe('a hostile expert costs no more than its length', () => {
  const size = (n: number) => String.fromCharCode(n & 255, n >> 8, 0, 0)
  const text = (value: string) => `X${size(value.length)}${value}`
  const dict = (...entries: [key: string, value: string][]) =>
    `}${entries.map(([key, value]) => `${key}${value}s`).join('')}`
  const dtype = `cnumpy\ndtype\n${text('f8')}\x89\x88\x87R(K\x03${text('<')}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb`
  const array = (count: number, shape: string) =>
    `cnumpy.core.numeric\n_frombuffer\n(B${size(8 * count)}${'\0'.repeat(8 * count)}${dtype}${shape}${text('C')}tR`
  const affine = (weights: string) =>
    dict([text('AffineLayer'), dict([text('W'), weights], [text('b'), array(64, 'K\x01K@\x86')])])
  const row = array(64, 'K\x01K@\x86')
  const standardizer = dict([text('count'), array(1, ')')], [text('mean_1_D'), row], [text('meansq_1_D'), row])
  const expert = (hidden: string) =>
    Uint8Array.from(
      `\x80\x03${dict(
        [
          text('GaussianPolicy'),
          dict(
            [text('obsnorm'), dict([text('Standardizer'), standardizer])],
            [text('hidden'), dict([text('FeedforwardNet'), hidden])],
            [text('out'), affine(array(64 * 64, 'K@K@\x86'))],
            [text('logstdevs_1_Da'), row]
          )
        ],
        [text('nonlin_type'), text('tanh')]
      )}.`,
      (character) => character.charCodeAt(0)
    )
  const square = affine(array(64 * 64, 'K@K@\x86'))
  const copies = (count: number) =>
    dict(
      [text('0'), `${square}q\0`],
      ...Array.from({ length: count }, (_, i): [string, string] => [text(`${i + 1}`), 'h\0'])
    )

  test('the expert that the hostile ones are altered from is read', () => {
    expect(shapes(readBerkeleyExpert(expert(copies(0))))).toEqual([64, 64, 64])
  })

  test('an expert with a layer recalled again and again is refused', () => {
    const bytes = expert(copies(2000))
    expect(bytes.length).toBeLessThan(100_000)
    expect(() => readBerkeleyExpert(bytes)).toThrow(/found the same data many times over/)
  })

  test('an expert with a dict that holds itself in place of an array is refused', () => {
    expect(() => readBerkeleyExpert(expert(`}q\0${text('0')}h\0s`))).toThrow(
      /FeedforwardNet\.0: found the keys "0", expected "AffineLayer"/
    )
  })

  test('an expert with a key of tuples in tuples, which as text would be long, is refused', () => {
    const doubled = `)${Array.from({ length: 40 }, (_, i) => `q${String.fromCharCode(i)}h${String.fromCharCode(i)}\x86`).join('')}`
    expect(() => readBerkeleyExpert(expert(dict([doubled, square], [text('0'), square])))).toThrow(
      /FeedforwardNet: found a dict of 2, expected a dict whose keys are strings/
    )
  })
})

/** The folder of the published files, which are not ours to hand on. */
const folder = process.env.RADGRAD_BERKELEY_EXPERTS
if (!folder)
  console.warn('skipped: the published experts, for want of RADGRAD_BERKELEY_EXPERTS, the folder they are in')

describe.skipIf(!folder)('the published experts (in the folder RADGRAD_BERKELEY_EXPERTS)', () => {
  test.each([
    ['Hopper-v2', [11, 64, 64, 3], fixtures['Hopper-v2']],
    ['Reacher-v2', [11, 64, 64, 2], fixtures['Reacher-v2']]
  ] as const)('the published expert %s is read, and its actions are those of the original', (name, sizes, answers) => {
    const file = join(folder!, `${name}.pkl`)
    expect(existsSync(file), file).toBe(true)
    const expert = readBerkeleyExpert(readFileSync(file))
    expect(shapes(expert)).toEqual(sizes)
    expect(expert.layers.map(({ activation }) => activation)).toEqual(['tanh', 'tanh', 'linear'])
    expect(isSound(expert)).toBe(true)
    expectAnswers(expert, answers)
    if (name === 'Reacher-v2') expectDeadInputHarmless(expert, answers)
  })
})

test('a page refuses a pickle in a sentence that names the file and the way out', async () => {
  vi.stubGlobal('postMessage', () => {})
  const { host: pageHost } = await import('../../tools/live/kernel/host.ts')
  expect(() => pageHost.berkeleyModel(new Uint8Array(), 'experts/Reacher-v2.pkl')).toThrow(
    'experts/Reacher-v2.pkl: a page reads no pickles; on a computer, rg.saveModel('
  )
})

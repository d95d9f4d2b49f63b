import { describe, expect, test } from 'vitest'
import { generator } from '../../lib/util/random'
import { isNumpyArray, readPickle } from '../../tools/experts/pickle.ts'
import { mutate, outcome } from '../mutate'
import pickles from './fixtures/pickles.json'

/*
 * fixtures/pickles.json, with Python 3.11.7 and the numpy each entry names, for the protocols 2 to 5:
 *
 *     value = {'a': np.array([[1.5, -2], [0, 1e300], [3, 4]]), 'c': np.array(7.0),
 *              'f': np.array([1, 2, 3], 'f4'), '__proto__': {'s': 'tänh'}}
 *     base64.b64encode(pickle.dumps(value, protocol)).decode()
 */
const files = Object.entries(pickles).map(([name, base64]) => ({
  name,
  bytes: new Uint8Array(Buffer.from(base64, 'base64'))
}))

/** A pickle written out, one character a byte. */
const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
const reading = (text: string) => () => readPickle(bytes(text))

/** A value with the numbers of its arrays, however deep. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return new Map([...value].map(([key, inner]) => [key, plain(inner)]))
  return isNumpyArray(value) ? { shape: value.shape, data: value.numbers() } : value
}

describe('a pickle of numpy', () => {
  test.each(files)('the pickle $name is read as numpy wrote it', ({ bytes }) => {
    expect(plain(readPickle(bytes))).toEqual(
      new Map<string, unknown>([
        ['a', { shape: [3, 2], data: Float64Array.of(1.5, -2, 0, 1e300, 3, 4) }],
        ['c', { shape: [], data: Float64Array.of(7) }],
        ['f', { shape: [3], data: Float64Array.of(1, 2, 3) }],
        ['__proto__', new Map([['s', 'tänh']])]
      ])
    )
  })

  test('a pickle that is part of a larger buffer is read', () => {
    const [{ bytes }] = files
    const larger = new Uint8Array(bytes.length + 12).fill(0xff)
    larger.set(bytes, 5)
    expect(plain(readPickle(larger.subarray(5, 5 + bytes.length)))).toEqual(plain(readPickle(bytes)))
  })
})

const array = (shape: string, type: string, order: string, data: string) =>
  `\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85C\x01b\x87R(K\x01${shape}cnumpy\ndtype\n` +
  `X\x02\0\0\0${type}\x89\x88\x87R(K\x03X\x01\0\0\0${order}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89C${data}tb.`
const one = '\x08\0\0\0\0\0\0\xf0?'

describe('a file that names what it may not is refused by the byte and the name', () => {
  test.each([
    ['GLOBAL', '\x80\x02cos\nsystem\nX\x02\0\0\0id\x85R.', /byte 2: found the name "os\.system"/],
    ['GLOBAL posix', '\x80\x02cposix\nsystem\n.', /"posix\.system"/],
    ['STACK_GLOBAL', '\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.', /byte 14: .*"os\.system"/],
    ['eval', '\x80\x03cbuiltins\neval\nX\x01\0\0\x001\x85R.', /byte 2: .*"builtins\.eval"/],
    ['dotted eval', '\x80\x04\x8c\x05numpy\x8c\x0ddtype.__new__\x93.', /"numpy\.dtype\.__new__"/],
    ['inherited name', '\x80\x02cconstructor\nconstructor\n.', /"constructor\.constructor"/],
    ['empty module', '\x80\x02c\nconstructor\n.', /"\.constructor"/],
    ['a name that is no text', '\x80\x04)}\x93.', /byte 4: found a tuple of 0, expected text/],
    ['copyreg', '\x80\x02ccopy_reg\n_reconstructor\n.', /"copy_reg\._reconstructor"/],
    ['another codec', '\x80\x02c_codecs\nencode\nX\x01\0\0\0bX\x03\0\0\0zip\x86R.', /"zip"/],
    ['REDUCE of a class', '\x80\x02cnumpy\nndarray\n)R.', /byte 18: found a call of numpy\.ndarray/],
    ['REDUCE of a string', '\x80\x02X\x04\0\0\0eval)R.', /byte 12: found a damaged file \(func is not a function\)/],
    ['REDUCE of a dict', '\x80\x02})R.', /byte 4: found a damaged file/],
    ['BUILD of a dict', '\x80\x02})b.', /byte 4: found a damaged file/],
    ['BUILD of a function', '\x80\x02c_codecs\nencode\n}b.', /byte 19: found the codec undefined/]
  ])('a pickle with a forbidden name or call (%s) is refused by the byte and the name', (_, text, message) => {
    expect(reading(text)).toThrow(message)
  })

  test.each([
    ['INST', '\x80\x02(ios\nsystem\n.', 3, 'i'],
    ['OBJ', '\x80\x02(cnumpy\ndtype\no.', 16, 'o'],
    ['NEWOBJ', '\x80\x02cnumpy\ndtype\n)\x81.', 16, '\x81'],
    ['NEWOBJ_EX', '\x80\x04)\x92.', 3, '\x92'],
    ['EXT1', '\x80\x02\x82\x01.', 2, '\x82'],
    ['EXT2', '\x80\x02\x83\x01\0.', 2, '\x83'],
    ['EXT4', '\x80\x02\x84\x01\0\0\0.', 2, '\x84'],
    ['PERSID', '\x80\x02P1\n.', 2, 'P'],
    ['BINPERSID', '\x80\x02X\x01\0\0\x001Q.', 8, 'Q'],
    ['NEXT_BUFFER', '\x80\x05\x97.', 2, '\x97'],
    ['DUP', '\x80\x02}2.', 3, '2'],
    ['DICT', '\x80\x02(d.', 3, 'd'],
    ['APPEND', '\x80\x02)Na.', 4, 'a'],
    ['LONG4', '\x80\x02\x8b\xff\xff\xff\xff', 2, '\x8b'],
    ['of no meaning', '\x80\x02\xff', 2, '\xff']
  ])('a pickle with the opcode %s is refused by the byte and the opcode', (_, text, byte, opcode) => {
    expect(reading(text)).toThrow(`pickle, byte ${byte}: found the opcode ${JSON.stringify(opcode)}, expected`)
  })
})

describe('a foreign file is refused', () => {
  test('the array that the foreign ones are altered from is read', () => {
    expect(plain(readPickle(bytes(array('K\x01\x85', 'f8', '<', one))))).toEqual({
      shape: [1],
      data: Float64Array.of(1)
    })
  })

  test.each([
    ['nothing', '', /byte 0: found a damaged file \(Unexpected end of file/],
    ['text', 'hello', /byte 2: found the opcode "l"/],
    ['protocol 6', '\x80\x06}.', /Unsupported protocol version '6'/],
    ['bytes after the end', '\x80\x02}.}', /byte 4: found 1 more bytes, expected the end/],
    ['a mark too few', '\x80\x02}u.', /byte 3: found a damaged file/],
    ['items of no dict', '\x80\x02)NNs.', /byte 5: found a damaged file/],
    ['bytes beyond Latin-1', '\x80\x02c_codecs\nencode\nX\x02\0\0\0\xc4\x80X\x06\0\0\0latin1\x86R.', /beyond Latin-1/],
    ['big-endian', array('K\x01\x85', 'f8', '>', one), /little-endian/],
    ['whole numbers', array('K\x01\x85', 'i8', '<', one), /the dtype "i8"/],
    ['Python objects', array('K\x01\x85', 'O8', '|', one), /the dtype "O8"/],
    ['Fortran order', array('K\x01\x85', 'f8', '<', one).replace('tb\x89C', 'tb\x88C'), /C order/],
    [
      'a shape of too much',
      array('K\x02\x85', 'f8', '<', one),
      /the data 8 bytes, expected 16 bytes for the shape \[2\]/
    ],
    ['a size of 0', array('K\0\x85', 'f8', '<', '\0'), /sizes above 0/],
    ['a negative size', array('J\xff\xff\xff\xff\x85', 'f8', '<', one), /sizes above 0/],
    ['a shape of text', array('X\x01\0\0\0a\x85', 'f8', '<', one), /sizes above 0/],
    ['data that are text', array('K\x01\x85', 'f8', '<', one).replace(`C${one}`, `X\x01\0\0\0a`), /the data "a"/]
  ])('a foreign file (%s) is refused', (_, text, message) => {
    expect(reading(text)).toThrow(message)
  })
})

/** Each would have `pickleparser` by itself, or a careless reader of what it gives, loop, run out of memory, or worse. */
describe('a hostile file costs no more than its length', () => {
  test('a size in a pickle is checked before anything is made of it', () => {
    const huge = 'J\xff\xff\xff\x7f'
    expect(reading('\x80\x02X\xff\xff\xff\xff')).toThrow(/found 0 more bytes, expected 4294967295/)
    expect(reading(`\x80\x05\x96${'\xff'.repeat(8)}`)).toThrow(/found 0 more bytes/)
    expect(reading(array(`(${huge.repeat(32)}t`, 'f8', '<', one))).toThrow(/found the data 8 bytes/)
    expect(reading(array(`(${'K\x01'.repeat(33)}t`, 'f8', '<', one))).toThrow(/at most 32/)
  })

  test('a negative length in a pickle does not send the parser back', () => {
    expect(reading('\x80\x03B\xfb\xff\xff\xff.')).toThrow(/byte 2: found 1 more bytes, expected -5/)
  })

  test('the opcode BUILD sets no property, such as the length of a tuple of arguments', () => {
    const length = 'X\x06\0\0\0length'
    const long = `)}${length}J\xff\xff\xff\x7fsb`
    expect(reading(`\x80\x02cnumpy\ndtype\n${long}R.`)).toThrow(/byte 34: found a damaged file/)
  })

  test('the opcode SETITEM on bytes does not change the pickle', () => {
    const file = bytes('\x80\x03C\x02abC\x02cdK\0s.')
    const before = file.slice()
    readPickle(file)
    expect(file).toEqual(before)
  })

  test('a key like __proto__ in a pickle is only a key, in a state too', () => {
    const proto = 'X\x09\0\0\0__proto__}X\x08\0\0\0pollutedK\x01ss'
    expect(readPickle(bytes(`\x80\x02}${proto}.`))).toEqual(new Map([['__proto__', new Map([['polluted', 1]])]]))
    expect(reading(`\x80\x02c_codecs\nencode\n}${proto}b.`)).toThrow(/the codec undefined/)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('text that a pickle recalls again and again is not encoded again and again', () => {
    const long = `X\0\x10\0\0${'a'.repeat(4096)}q\0`
    const calls = 'c_codecs\nencode\nh\0X\x06\0\0\0latin1\x86R'.repeat(1000)
    expect(reading(`\x80\x02${long}${calls}.`)).toThrow(/found the same data many times over/)
  })

  test('the depth of a pickle costs no stack', () => {
    const depth = 200_000
    expect(readPickle(bytes(`\x80\x02${'}X\x01\0\0\0a'.repeat(depth)}}${'s'.repeat(depth)}.`))).toBeInstanceOf(Map)
    const tuples = `)${'\x85'.repeat(depth)}`
    expect(Array.isArray(readPickle(bytes(`\x80\x02${tuples}.`)))).toBe(true)
    expect(reading(`\x80\x02cnumpy\ndtype\n${tuples}\x89\x89\x87R.`)).toThrow(/the dtype a tuple of 1/)
  })
})

describe('a damaged file', () => {
  const refusal = /^pickle, byte \d+: found .+, expected .+$/s

  test.each(files)('the pickle $name is refused when it is cut off anywhere', ({ bytes }) => {
    for (let length = 0; length < bytes.length; length++)
      expect(() => readPickle(bytes.subarray(0, length)), `${length} bytes`).toThrow(refusal)
  })

  test.each(files)(
    'each of 10,000 mutations of the pickle $name is refused by the byte, or is read',
    ({ name, bytes }) => {
      const rng = generator(1, 'mutations', name)
      let slowest = 0
      for (let i = 0; i < 10_000; i++) {
        const mutated = mutate(rng, bytes)
        const began = performance.now()
        const result = outcome(() => readPickle(mutated))
        slowest = Math.max(slowest, performance.now() - began)
        if ('error' in result && !refusal.test(result.error.message)) throw result.error
      }
      expect(slowest).toBeLessThan(10_000) // no hang
    },
    60_000
  )
})

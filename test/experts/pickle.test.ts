import { describe, expect, test } from 'vitest'
import { type PickleValue, readPickle } from '../../lib/experts/pickle'
import { generator } from '../../lib/random'
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

/** Whether a value is all that its type says, however deep. */
function isSound(value: PickleValue): boolean {
  const left: unknown[] = [value]
  while (left.length > 0) {
    const item = left.pop()
    if (item instanceof Map) {
      if (![...item.keys()].every((key) => typeof key === 'string')) return false
      left.push(...item.values())
    } else if (typeof item !== 'string') {
      const { shape, data } = item as { shape: number[]; data: Float64Array }
      if (!(data instanceof Float64Array) || shape.reduce((size, n) => size * n, 1) !== data.length) return false
    }
  }
  return true
}

describe('what numpy writes', () => {
  test.each(files)('$name', ({ bytes }) => {
    expect(readPickle(bytes)).toEqual(
      new Map<string, PickleValue>([
        ['a', { shape: [3, 2], data: Float64Array.of(1.5, -2, 0, 1e300, 3, 4) }],
        ['c', { shape: [], data: Float64Array.of(7) }],
        ['f', { shape: [3], data: Float64Array.of(1, 2, 3) }],
        ['__proto__', new Map([['s', 'tänh']])]
      ])
    )
  })

  test('a file that is part of a larger buffer', () => {
    const [{ bytes }] = files
    const larger = new Uint8Array(bytes.length + 12).fill(0xff)
    larger.set(bytes, 5)
    expect(readPickle(larger.subarray(5, 5 + bytes.length))).toEqual(readPickle(bytes))
  })

  test('a key like __proto__ is a key', () => {
    readPickle(files[0].bytes)
    expect(({} as Record<string, unknown>).s).toBeUndefined()
  })
})

describe('hostile files are refused by name and place', () => {
  test.each([
    ['GLOBAL', '\x80\x02cos\nsystem\nX\x02\0\0\0id\x85R.', /byte 2 \(GLOBAL\): found the name "os\.system"/],
    ['GLOBAL posix', '\x80\x02cposix\nsystem\n.', /"posix\.system"/],
    ['STACK_GLOBAL', '\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.', /byte 14 \(STACK_GLOBAL\).*"os\.system"/],
    ['eval', '\x80\x03cbuiltins\neval\nX\x01\0\0\x001\x85R.', /byte 2 \(GLOBAL\).*"builtins\.eval"/],
    ['dotted eval', '\x80\x04\x8c\x05numpy\x8c\x0ddtype.__new__\x93.', /"numpy\.dtype\.__new__"/],
    ['inherited name', '\x80\x02cconstructor\nconstructor\n.', /"constructor\.constructor"/],
    ['copyreg', '\x80\x02ccopy_reg\n_reconstructor\n.', /"copy_reg\._reconstructor"/],
    ['REDUCE of a class', '\x80\x02cnumpy\nndarray\n)R.', /byte 18 \(REDUCE\): found a call of numpy\.ndarray/],
    ['REDUCE of a string', '\x80\x02X\x04\0\0\0eval)R.', /byte 12 \(REDUCE\): found a call of "eval"/],
    ['REDUCE of a dict', '\x80\x02})R.', /a call of a dict/],
    ['BUILD of a dict', '\x80\x02})b.', /byte 4 \(BUILD\): found a state for a dict/],
    ['BUILD of a function', '\x80\x02c_codecs\nencode\n)b.', /\(BUILD\): found a state for _codecs\.encode/],
    ['INST', '\x80\x02(ios\nsystem\n.', /byte 3 \(INST\)/],
    ['OBJ', '\x80\x02(cnumpy\ndtype\no.', /\(OBJ\)/],
    ['NEWOBJ', '\x80\x02cnumpy\ndtype\n)\x81.', /\(NEWOBJ\)/],
    ['NEWOBJ_EX', '\x80\x04)\x92.', /byte 3 \(NEWOBJ_EX\)/],
    ['EXT1', '\x80\x02\x82\x01.', /byte 2 \(EXT1\)/],
    ['EXT2', '\x80\x02\x83\x01\0.', /byte 2 \(EXT2\)/],
    ['EXT4', '\x80\x02\x84\x01\0\0\0.', /byte 2 \(EXT4\)/],
    ['PERSID', '\x80\x02P1\n.', /byte 2 \(PERSID\)/],
    ['BINPERSID', '\x80\x02X\x01\0\0\x001Q.', /\(BINPERSID\)/],
    ['NEXT_BUFFER', '\x80\x05\x97.', /\(NEXT_BUFFER\)/],
    ['DUP', '\x80\x02}2.', /byte 3 \(DUP\)/],
    ['no opcode at all', '\x80\x02\xff', /byte 2 \(0xff\)/],
    ['another codec', '\x80\x02c_codecs\nencode\nX\x01\0\0\0bX\x03\0\0\0zip\x86R.', /"zip"/]
  ])('%s', (_, text, message) => {
    expect(reading(text)).toThrow(message)
  })
})

describe('foreign files', () => {
  const array = (shape: string, type: string, order: string, data: string) =>
    `\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85C\x01b\x87R(K\x01${shape}cnumpy\ndtype\n` +
    `X\x02\0\0\0${type}\x89\x88\x87R(K\x03X\x01\0\0\0${order}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89C${data}tb.`
  const one = '\x08\0\0\0\0\0\0\xf0?'

  test('the array these tests alter is read', () => {
    expect(readPickle(bytes(array('K\x01\x85', 'f8', '<', one)))).toEqual({ shape: [1], data: Float64Array.of(1) })
  })

  test.each([
    ['nothing', '', /byte 0 .*end of the file/],
    ['text', 'hello', /found bytes 104 and 101/],
    ['protocol 1', '\x80\x01}.', /found bytes 128 and 1,/],
    ['protocol 6', '\x80\x06}.', /found bytes 128 and 6,/],
    ['bytes after the end', '\x80\x02}.}', /found 1 more bytes/],
    ['two values', '\x80\x02}}.', /1 more values/],
    ['an open mark', '\x80\x02(}.', /1 marks/],
    ['no value', '\x80\x02.', /empty stack/],
    ['a mark in the way', '\x80\x02}(.', /empty stack/],
    ['SETITEMS without a mark', '\x80\x02}u.', /no MARK/],
    ['a key without a value', '\x80\x02}(X\x01\0\0\0au.', /1 keys and values/],
    ['a key that is no string', '\x80\x02}K\x01}s.', /the key 1/],
    ['a key twice', '\x80\x02}(X\x01\0\0\0a}X\x01\0\0\0a}u.', /"a" twice/],
    ['a number for a value', '\x80\x02}X\x01\0\0\0aK\x01s.', /"a": 1/],
    ['a function for a value', '\x80\x02}X\x01\0\0\0acnumpy\ndtype\ns.', /"a": numpy\.dtype/],
    ['a memo index never stored', '\x80\x02h\x07.', /memo index 7, which holds nothing/],
    ['a dict that holds itself', '\x80\x02}q\0X\x01\0\0\0ah\0s.', /memo index 0, which holds a dict/],
    ['text that is not UTF-8', '\x80\x02X\x01\0\0\0\xff.', /not UTF-8/],
    ['bytes beyond Latin-1', '\x80\x02c_codecs\nencode\nX\x02\0\0\0\xc4\x80X\x06\0\0\0latin1\x86R.', /character 256/],
    ['an unfilled array', `${array('', '', '', '').split('(')[0]}.`, /an empty array/],
    ['big-endian', array('K\x01\x85', 'f8', '>', one), /little-endian/],
    ['whole numbers', array('K\x01\x85', 'i8', '<', one), /numpy\.dtype\("i8"/],
    ['Python objects', array('K\x01\x85', 'O8', '|', one), /numpy\.dtype\("O8"/],
    ['Fortran order', array('K\x01\x85', 'f8', '<', one).replace('tb\x89C', 'tb\x88C'), /C order/],
    [
      'a shape of too much',
      array('K\x02\x85', 'f8', '<', one),
      /found the data 8 bytes, expected 16 bytes for the shape \(2\)/
    ],
    ['a size of 0', array('K\0\x85', 'f8', '<', '\0'), /sizes above 0/],
    ['a negative size', array('J\xff\xff\xff\xff\x85', 'f8', '<', one), /sizes above 0/]
  ])('%s', (_, text, message) => {
    expect(reading(text)).toThrow(message)
  })

  test('sizes are checked before anything is made of them', () => {
    const huge = 'J\xff\xff\xff\x7f'
    expect(reading('\x80\x02X\xff\xff\xff\xff')).toThrow(/expected 4294967295 more bytes/)
    expect(reading('\x80\x02B\xff\xff\xff\xff')).toThrow(/expected 4294967295 more bytes/)
    expect(reading(`\x80\x05\x96${'\xff'.repeat(8)}`)).toThrow(/more bytes/)
    expect(reading(`\x80\x04\x95${'\xff'.repeat(8)}`)).toThrow(/a frame of/)
    expect(reading(array(`(${huge.repeat(32)}t`, 'f8', '<', one))).toThrow(/found the data 8 bytes/)
    expect(reading(array(`(${'K\x01'.repeat(33)}t`, 'f8', '<', one))).toThrow(/at most 32/)
  })

  test('depth costs no stack', () => {
    const depth = 200_000
    const dicts = `\x80\x02${'}X\x01\0\0\0a'.repeat(depth)}}${'s'.repeat(depth)}.`
    expect(isSound(readPickle(bytes(dicts)))).toBe(true)
    const tuples = `)${'\x85'.repeat(depth)}`
    expect(reading(`\x80\x02${tuples}.`)).toThrow(/found a tuple of 1/)
    expect(reading(`\x80\x02cnumpy\ndtype\n${tuples}\x89\x89\x87R.`)).toThrow(/a tuple of 1, false, false/)
  })

  test('data cannot be recalled, so no file makes more of itself', () => {
    const long = `X\x41\0\0\0${'a'.repeat(65)}`
    expect(reading(`\x80\x02${long}q\0h\0.`)).toThrow(/memo index 0/)
    expect(reading('\x80\x02)\x85q\0h\0\x86.')).toThrow(/memo index 0, which holds a tuple/)
  })
})

describe('damaged files', () => {
  test.each(files)('$name, cut off anywhere, is an Error', ({ bytes }) => {
    for (let length = 0; length < bytes.length; length++)
      expect(() => readPickle(bytes.subarray(0, length)), `${length} bytes`).toThrow(
        /^pickle, byte \d+ \(\w+\): found .+, expected /
      )
  })

  test.each(files)(
    '10,000 mutations of $name give an Error that names the place or a sound value',
    ({ name, bytes }) => {
      const rng = generator(1, 'mutations', name)
      let slowest = 0
      for (let i = 0; i < 10_000; i++) {
        const mutated = mutate(rng, bytes)
        const began = performance.now()
        const result = outcome(() => readPickle(mutated))
        slowest = Math.max(slowest, performance.now() - began)
        if ('error' in result) {
          if (!/^pickle, byte \d+ \(\w+\): found .+, expected .+$/s.test(result.error.message)) throw result.error
        } else if (!isSound(result.value)) throw new Error(`mutation ${i} gives an unsound value`)
      }
      expect(slowest).toBeLessThan(10_000) // no hang
    },
    60_000
  )
})

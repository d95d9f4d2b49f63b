/**
 * Python pickles of dicts, strings and numpy arrays, read by `pickleparser` and kept from harm.
 *
 * A pickle is a program for a stack machine. Here it may use the opcodes below, and call the functions below and nothing
 * else. `pickleparser` alone does not withstand a hostile file: a negative length sends it back to read the same bytes
 * for ever, and BUILD assigns any property to any object (`length` to a tuple: memory is exhausted).
 */
import { BufferReader, Parser } from 'pickleparser'

/** A numpy array of float64, or of float32 to be widened; row-major. */
export type NumpyArray = { readonly shape: readonly number[]; readonly numbers: () => Float64Array }

/**
 * Reads a pickle, as Python writes it in protocols 2 to 5.
 *
 * @param bytes the whole file; it is not changed
 * @returns Maps, strings, arrays, and whatever else the file has put among them: nothing in it is to be trusted
 * @throws Error that names the byte where the file is cut off, damaged, or wants more than dicts, strings and arrays
 */
export function readPickle(bytes: Uint8Array): unknown {
  const { reader, opcodeAt } = guardedReader(bytes)
  const functions = numpyFunctions(bytes.length)
  const resolve = (module: unknown, name: unknown) =>
    functions.get(`${text(module)}.${text(name)}`.replace(/^numpy\._core\./, 'numpy.core.')) ??
    refuse(`the name ${describe(`${module}.${name}`)}`, `one of ${[...functions.keys()].join(', ')}`)
  try {
    const value: unknown = new Parser({ unpicklingTypeOfDictionary: 'Map', nameResolver: { resolve } }).read(reader)
    if (reader.hasNext()) refuse(`${reader.length - reader.position} more bytes`, 'the end of the file')
    return value
  } catch (error) {
    const { message } = error as Error
    const found = message.startsWith('found ') ? message : `found a damaged file (${message}), expected a whole pickle`
    throw new Error(`pickle, byte ${opcodeAt()}: ${found}`)
  }
}

/** The opcodes in use, by their characters in Python's `Lib/pickletools.py`. */
const opcodes =
  '\x80\x95.' + // PROTO, FRAME, STOP
  'N\x88\x89JKM' + // NONE, NEWTRUE, NEWFALSE, BININT, BININT1, BININT2
  'X\x8cBC\x96' + // BINUNICODE, SHORT_BINUNICODE, BINBYTES, SHORT_BINBYTES, BYTEARRAY8
  '(t)\x85\x86\x87' + // MARK, TUPLE, EMPTY_TUPLE, TUPLE1, TUPLE2, TUPLE3
  '}su' + // EMPTY_DICT, SETITEM, SETITEMS
  'qr\x94hj' + // BINPUT, LONG_BINPUT, MEMOIZE, BINGET, LONG_BINGET
  'c\x93Rb' // GLOBAL, STACK_GLOBAL, REDUCE, BUILD
const [build, reduce] = ['b', 'R']

/**
 * Returns a reader that refuses other opcodes and negative lengths. It turns BUILD into REDUCE: what a file builds here,
 * a dtype or an array, is a function of its state, and is called with it.
 *
 * The parser calls `hasNext` before it reads an opcode, and at no other time.
 */
function guardedReader(bytes: Uint8Array): { reader: BufferReader; opcodeAt: () => number } {
  const reader = new BufferReader(bytes.slice()) // SETITEM on bytes writes into them
  const { byte, hasNext, skip } = reader
  let opcodeAt = 0
  reader.hasNext = () => {
    opcodeAt = reader.position
    return hasNext.call(reader)
  }
  reader.byte = () => {
    const isOpcode = reader.position === opcodeAt
    const value = byte.call(reader)
    if (!isOpcode) return value
    const opcode = String.fromCharCode(value)
    if (!opcodes.includes(opcode)) refuse(`the opcode ${describe(opcode)}`, 'those of dicts, strings and numpy arrays')
    return opcode === build ? reduce.charCodeAt(0) : value
  }
  reader.skip = (length) => {
    const left = reader.length - reader.position
    if (!(length >= 0 && length <= left)) refuse(`${left} more bytes`, `${length}`)
    skip.call(reader, length)
  }
  reader.uint64 = () => reader.uint32() + reader.uint32() * 2 ** 32 // without the parser's warning on the console
  return { reader, opcodeAt: () => opcodeAt }
}

type PickledFunction = (...args: unknown[]) => unknown

/** Returns a dtype, which is little-endian from the start: what it is built with says so too. */
function dtype(): PickledFunction {
  const state = [3, '<', null, null, null, -1, -1, 0]
  const built: PickledFunction = (...args) =>
    isSame(args, state) ? built : refuse(`a dtype of state ${describe(args)}`, 'one that is little-endian')
  return Object.freeze(built)
}

const ndarray: PickledFunction = Object.freeze(() => refuse('a call of numpy.ndarray', 'none'))
const [float64, float32] = [dtype(), dtype()]

/**
 * Returns what stands for Python's functions and classes, by name.
 *
 * @param length of the file: all text and numbers in it together take no more, however often it recalls them
 */
function numpyFunctions(length: number): ReadonlyMap<string, PickledFunction> {
  let left = 2 * length
  const spend = (bytes: number): void => {
    left -= bytes
    if (left < 0) refuse('the same data many times over', 'them once')
  }

  const array: PickledFunction = (shape, type, data) => {
    const itemBytes = type === float64 ? 8 : type === float32 ? 4 : refuse('another dtype', 'float64 or float32')
    if (!isShape(shape)) return refuse(`the shape ${describe(shape)}`, 'a tuple of at most 32 sizes above 0')
    const size = shape.reduce((size, n) => size * n, 1)
    if (!(data instanceof Uint8Array) || data.length !== size * itemBytes)
      return refuse(`the data ${describe(data)}`, `${size * itemBytes} bytes for the shape [${shape}]`)
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    const numbers = (): Float64Array => {
      spend(data.length)
      const read = itemBytes === 8 ? view.getFloat64 : view.getFloat32
      return Float64Array.from({ length: size }, (_, i) => read.call(view, i * itemBytes, true))
    }
    return Object.freeze({ shape, numbers })
  }

  const functions: Record<string, PickledFunction> = {
    'numpy.ndarray': ndarray,
    'numpy.dtype': (type) =>
      type === 'f8' ? float64 : type === 'f4' ? float32 : refuse(`the dtype ${describe(type)}`, '"f8" or "f4"'),
    // protocols 2 to 4: an empty array, to be built
    'numpy.core.multiarray._reconstruct': () =>
      Object.freeze((version: unknown, shape: unknown, type: unknown, fortranOrder: unknown, data: unknown) =>
        version === 1 && fortranOrder === false ? array(shape, type, data) : refuse('another order', 'C order')
      ),
    // protocol 5
    'numpy.core.numeric._frombuffer': (data, type, shape, order) =>
      order === 'C' ? array(shape, type, data) : refuse(`the order ${describe(order)}`, '"C", that is C order'),
    // protocol 2 has no bytes: they are text, one character a byte
    '_codecs.encode': (characters, codec) => {
      if (codec !== 'latin1') return refuse(`the codec ${describe(codec)}`, '"latin1"')
      spend(text(characters).length)
      if (/[^\0-\xff]/.test(text(characters))) return refuse('a character beyond Latin-1', 'those of codes 0 to 255')
      return Uint8Array.from(text(characters), (character) => character.charCodeAt(0))
    }
  }
  return new Map(Object.entries(functions).map(([name, call]) => [name, Object.freeze(call)]))
}

const text = (value: unknown): string => (typeof value === 'string' ? value : refuse(describe(value), 'text'))

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i])

const isShape = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length <= 32 && value.every((n) => Number.isInteger(n) && n > 0)

export const isNumpyArray = (value: unknown): value is NumpyArray =>
  typeof value === 'object' && value !== null && 'numbers' in value

/** Describes a value in few words, without a look at what is nested in it. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (value instanceof Map) return `a dict of ${value.size}`
  if (Array.isArray(value)) return `a tuple of ${value.length}`
  if (isNumpyArray(value)) return `an array of shape [${value.shape}]`
  return typeof value === 'function' ? 'a function' : String(value)
}

/** @param where the path to the value, for a caller that knows it */
export function refuse(found: string, expected: string, where = ''): never {
  throw new Error(`${where && `${where}: `}found ${found}, expected ${expected}`)
}

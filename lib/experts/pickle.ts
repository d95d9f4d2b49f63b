/**
 * Python pickles of nested dicts of numpy arrays, and nothing else.
 *
 * A pickle is a program for a stack machine, and Python's runs whatever functions the program names. This machine knows
 * the few opcodes and the five names such a file needs, stands plain data in their place, and refuses the rest: no input
 * makes it call anything, allocate out of proportion to its length, or return a value that was not checked.
 *
 * The opcodes: Python's `Lib/pickletools.py`. What numpy writes: `ndarray.__reduce__`, `__reduce_ex__` and
 * `numpy.dtype.__reduce__` in protocols 2 to 5, from numpy before 2 (`numpy.core`) and since (`numpy._core`).
 */

/** A numpy array of float64, or of float32 widened; `data` is row-major and its length the product of `shape`. */
export interface NumpyArray {
  readonly shape: readonly number[]
  readonly data: Float64Array
}

/** A dict whose keys are strings. */
export type PickleDict = ReadonlyMap<string, PickleValue>

export type PickleValue = string | NumpyArray | PickleDict

/** What stands for a Python object that is of no use by itself: a function, a class, a dtype, an array to be filled. */
interface Token {
  readonly token: string
}

type Item = PickleValue | number | boolean | null | Uint8Array | readonly Item[] | Token

interface Machine {
  readonly bytes: Uint8Array
  readonly view: DataView
  /** The next byte to read. */
  at: number
  /** Where the opcode being carried out stands, and its name. */
  opcodeAt: number
  opcode: string
  readonly stack: Item[]
  /** Heights of the stack below which an opcode may not reach. */
  readonly marks: number[]
  readonly memo: Map<number, Item>
}

/**
 * Reads a pickle of protocol 2 to 5.
 *
 * @param bytes the whole file; it is neither kept nor changed
 * @returns a tree: no value occurs in it twice, none holds itself
 * @throws Error that names the byte offset, what was found and what was expected, for a file that is cut off, damaged,
 *   or holds anything but dicts with string keys, strings, and C-ordered little-endian float32 and float64 arrays
 */
export function readPickle(bytes: Uint8Array): PickleValue {
  const m = start(bytes)
  for (;;) {
    m.opcodeAt = m.at
    m.opcode = 'opcode'
    const code = uint8(m)
    const opcode = opcodes.get(code)
    m.opcode = opcode?.[0] ?? refusedOpcodes[code] ?? `0x${code.toString(16).padStart(2, '0')}`
    if (m.opcode === 'STOP') return result(m)
    if (!opcode) return refuse(m, `opcode ${m.opcode}`, 'one of those that make dicts, strings and numpy arrays')
    opcode[1](m)
  }
}

function start(bytes: Uint8Array): Machine {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const m: Machine = { bytes, view, at: 0, opcodeAt: 0, opcode: 'PROTO', stack: [], marks: [], memo: new Map() }
  const [code, protocol] = take(m, 2)
  if (code !== 0x80 || protocol < 2 || protocol > 5)
    refuse(m, `bytes ${code} and ${protocol}`, 'a pickle of protocol 2 to 5, that is bytes 128 and 2 to 5')
  return m
}

function result(m: Machine): PickleValue {
  const value = popValue(m)
  if (m.stack.length > 0 || m.marks.length > 0)
    refuse(m, `${m.stack.length} more values and ${m.marks.length} marks`, 'one value alone on the stack')
  if (m.at < m.bytes.length) refuse(m, `${m.bytes.length - m.at} more bytes`, 'the end of the file')
  return value
}

function refuse(m: Machine, found: string, expected: string): never {
  throw new Error(`pickle, byte ${m.opcodeAt} (${m.opcode}): found ${found}, expected ${expected}`)
}

/** In few words and without looking into what is nested, so that an error is quick to make however large the value. */
function describe(item: Item): string {
  if (item === null) return 'None'
  if (typeof item === 'string') return quote(item)
  if (typeof item !== 'object') return String(item)
  if (item instanceof Uint8Array) return `${item.length} bytes`
  if (isTuple(item)) return `a tuple of ${item.length}`
  if (isArray(item)) return `an array of shape (${item.shape.join(', ')})`
  return 'token' in item ? item.token : `a dict of ${item.size}`
}

const describeAll = (items: readonly Item[]): string =>
  `(${items.slice(0, 8).map(describe).join(', ')}${items.length > 8 ? ', …' : ''})`

const quote = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)

const isTuple = (item: Item): item is readonly Item[] => Array.isArray(item)
const isArray = (item: Item): item is NumpyArray => typeof item === 'object' && item !== null && 'shape' in item
const isValue = (item: Item): item is PickleValue => typeof item === 'string' || item instanceof Map || isArray(item)

// Reading.

/** The next `length` bytes, in place. Every length a file states passes here before anything is allocated for it. */
function take(m: Machine, length: number): Uint8Array {
  const left = m.bytes.length - m.at
  if (length > left) refuse(m, `the end of the file ${left} bytes on`, `${length} more bytes`)
  m.at += length
  return m.bytes.subarray(m.at - length, m.at)
}

const uint8 = (m: Machine): number => take(m, 1)[0]
const uint16 = (m: Machine): number => m.view.getUint16(take(m, 2).byteOffset - m.bytes.byteOffset, true)
const uint32 = (m: Machine): number => m.view.getUint32(take(m, 4).byteOffset - m.bytes.byteOffset, true)
/** Inexact beyond 2^53, where no file is long enough for it to matter. */
const uint64 = (m: Machine): number => uint32(m) + uint32(m) * 2 ** 32

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function text(m: Machine, length: number): string {
  const encoded = take(m, length)
  try {
    return utf8.decode(encoded)
  } catch {
    return refuse(m, `${length} bytes that are not UTF-8`, 'text')
  }
}

function line(m: Machine): string {
  const end = m.bytes.indexOf(0x0a, m.at)
  if (end < 0) refuse(m, 'no end of line', 'a module and a name, a line each')
  const read = text(m, end - m.at)
  m.at = end + 1
  return read
}

// The stack and the memo.

const push = (m: Machine, item: Item): void => {
  m.stack.push(item)
}

function pop(m: Machine): Item {
  if (m.stack.length <= (m.marks.at(-1) ?? 0)) refuse(m, 'an empty stack', 'a value on it')
  return m.stack.pop() as Item
}

function popValue(m: Machine): PickleValue {
  const item = pop(m)
  return isValue(item) ? item : refuse(m, describe(item), 'a dict, a string or an array')
}

function popTuple(m: Machine): readonly Item[] {
  const item = pop(m)
  return isTuple(item) ? item : refuse(m, describe(item), 'a tuple')
}

/** The last `count` items, in the order in which they were pushed. */
function popMany(m: Machine, count: number): Item[] {
  return Array.from({ length: count }, () => pop(m)).reverse()
}

function popToMark(m: Machine): Item[] {
  const height = m.marks.pop() ?? refuse(m, 'no MARK', 'one before')
  return m.stack.splice(height)
}

const top = (m: Machine): Item => {
  const item = pop(m)
  push(m, item)
  return item
}

/**
 * Only names are worth recalling: short strings, and what they stand for. Since a dict, a tuple and an array have one
 * place each, the result is a tree and the readers of it end; since data cannot be recalled, a small file stays small.
 */
const isName = (item: Item): boolean =>
  item instanceof Uint8Array || typeof item === 'string'
    ? item.length <= 64
    : typeof item === 'object' && item !== null && 'token' in item

function recall(m: Machine, index: number): void {
  const item = m.memo.get(index)
  if (item === undefined) refuse(m, `memo index ${index}, which holds nothing`, 'one that was stored before')
  if (!isName(item)) refuse(m, `memo index ${index}, which holds ${describe(item)}`, 'a name')
  push(m, item)
}

function setItems(m: Machine, items: readonly Item[]): void {
  const dict = top(m)
  if (!(dict instanceof Map)) refuse(m, describe(dict), 'a dict')
  if (items.length % 2 !== 0) refuse(m, `${items.length} keys and values`, 'an even number')
  for (let i = 0; i < items.length; i += 2) {
    const [key, value] = [items[i], items[i + 1]]
    if (typeof key !== 'string') refuse(m, `the key ${describe(key)}`, 'a string')
    if (dict.has(key)) refuse(m, `the key ${quote(key)} twice`, 'it once')
    if (!isValue(value)) refuse(m, `${quote(key)}: ${describe(value)}`, 'a dict, a string or an array')
    dict.set(key, value)
  }
}

// What stands for Python's functions and classes.

type Call = (m: Machine, args: readonly Item[]) => Item

const ndarray: Token = { token: 'numpy.ndarray' }
const float64: Token = { token: "dtype('<f8')" }
const float32: Token = { token: "dtype('<f4')" }
const emptyArray: Token = { token: 'an empty array' }

/** What numpy puts first in protocols 2 to 4: an array without data, which BUILD then fills. */
const reconstruct: Call = (m, args) => {
  const [type, shape, kind] = args
  const regular = type === ndarray && isTuple(shape) && shape.length === 1 && shape[0] === 0 && isByteB(kind)
  return regular && args.length === 3 ? emptyArray : refuse(m, describeAll(args), "(numpy.ndarray, (0,), b'b')")
}

const isByteB = (item: Item): boolean => item instanceof Uint8Array && item.length === 1 && item[0] === 0x62

/** What numpy writes in protocol 5. */
const fromBuffer: Call = (m, args) => {
  const [data, dtype, shape, order] = args
  if (args.length !== 4 || order !== 'C') return refuse(m, describeAll(args), "(data, dtype, shape, 'C')")
  return array(m, shape, dtype, data)
}

const dtypes = new Map<Item, Token>([
  ['f8', float64],
  ['f4', float32]
])

/** The two flags, `align` and `copy`, are for records. */
const dtypeOf: Call = (m, args) => {
  const dtype = args.length === 3 ? dtypes.get(args[0]) : undefined
  return dtype ?? refuse(m, `numpy.dtype${describeAll(args)}`, "numpy.dtype('f8' or 'f4', align, copy)")
}

/** Protocol 2 has no bytes: Python 3 writes them as text, one character a byte. */
const encode: Call = (m, args) => {
  const [characters, codec] = args
  if (args.length !== 2 || typeof characters !== 'string' || codec !== 'latin1')
    return refuse(m, describeAll(args), "(text, 'latin1')")
  const bytes = new Uint8Array(characters.length)
  for (let i = 0; i < bytes.length; i++) {
    const code = characters.charCodeAt(i)
    if (code > 0xff) return refuse(m, `character ${code} at ${i}`, 'Latin-1, that is 0 to 255')
    bytes[i] = code
  }
  return bytes
}

const functions = new Map<Item, Call>()
const named = (token: string, call: Call): [string, Token] => {
  const stand = { token }
  functions.set(stand, call)
  return [token, stand]
}

const globals = new Map<string, Token>([
  ['numpy.ndarray', ndarray],
  named('numpy.dtype', dtypeOf),
  named('numpy.core.multiarray._reconstruct', reconstruct),
  named('numpy._core.multiarray._reconstruct', reconstruct),
  named('numpy.core.numeric._frombuffer', fromBuffer),
  named('numpy._core.numeric._frombuffer', fromBuffer),
  named('_codecs.encode', encode)
])

function global(m: Machine, module: Item, name: Item): Token {
  if (typeof module !== 'string' || typeof name !== 'string')
    return refuse(m, `${describe(module)} and ${describe(name)}`, 'a module and a name')
  const token = globals.get(`${module}.${name}`)
  return token ?? refuse(m, `the name ${quote(`${module}.${name}`)}`, `one of ${[...globals.keys()].join(', ')}`)
}

function stackGlobal(m: Machine): void {
  const [module, name] = popMany(m, 2)
  push(m, global(m, module, name))
}

function reduce(m: Machine): void {
  const args = popTuple(m)
  const callee = pop(m)
  const call = functions.get(callee)
  push(m, call ? call(m, args) : refuse(m, `a call of ${describe(callee)}`, 'a call of a function that makes an array'))
}

function build(m: Machine): void {
  const state = popTuple(m)
  const item = pop(m)
  if (item === emptyArray) push(m, filledArray(m, state))
  else if (item === float64 || item === float32) push(m, littleEndian(m, item, state))
  else refuse(m, `a state for ${describe(item)}`, 'one for an array or a dtype')
}

const dtypeState: readonly Item[] = [3, '<', null, null, null, -1, -1, 0]

/** A token is little-endian from the start; here the file says so too. */
const littleEndian = (m: Machine, dtype: Token, state: readonly Item[]): Token =>
  state.length === dtypeState.length && state.every((item, i) => item === dtypeState[i])
    ? dtype
    : refuse(m, `a dtype with state ${describeAll(state)}`, `the little-endian ${describeAll(dtypeState)}`)

function filledArray(m: Machine, state: readonly Item[]): NumpyArray {
  const [version, shape, dtype, fortranOrder, data] = state
  if (state.length !== 5 || version !== 1 || fortranOrder !== false)
    return refuse(m, `an array with state ${describeAll(state)}`, '(1, shape, dtype, false for C order, data)')
  return array(m, shape, dtype, data)
}

const isSize = (item: Item): item is number => typeof item === 'number' && item > 0

function array(m: Machine, shape: Item, dtype: Item, data: Item): NumpyArray {
  if (!isTuple(shape) || shape.length > 32 || !shape.every(isSize))
    return refuse(m, `the shape ${describe(shape)}`, 'a tuple of at most 32 sizes above 0')
  if (dtype !== float64 && dtype !== float32)
    return refuse(m, `the type ${describe(dtype)}`, `${float64.token} or ${float32.token}`)
  const itemBytes = dtype === float64 ? 8 : 4
  const expected = shape.reduce((size, n) => size * n, itemBytes)
  if (!(data instanceof Uint8Array) || data.length !== expected)
    return refuse(m, `the data ${describe(data)}`, `${expected} bytes for the shape (${shape.join(', ')})`)
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const read = (_: unknown, i: number) =>
    dtype === float64 ? view.getFloat64(8 * i, true) : view.getFloat32(4 * i, true)
  return { shape, data: Float64Array.from({ length: expected / itemBytes }, read) }
}

// The opcodes.

type Opcode = readonly [name: string, run: (m: Machine) => void]

const opcodes = new Map<number, Opcode>([
  [0x95, ['FRAME', (m) => checkFrame(m, uint64(m))]],
  [0x2e, ['STOP', () => {}]],

  [0x4e, ['NONE', (m) => push(m, null)]],
  [0x88, ['NEWTRUE', (m) => push(m, true)]],
  [0x89, ['NEWFALSE', (m) => push(m, false)]],
  [0x4a, ['BININT', (m) => push(m, uint32(m) | 0)]],
  [0x4b, ['BININT1', (m) => push(m, uint8(m))]],
  [0x4d, ['BININT2', (m) => push(m, uint16(m))]],
  [0x58, ['BINUNICODE', (m) => push(m, text(m, uint32(m)))]],
  [0x8c, ['SHORT_BINUNICODE', (m) => push(m, text(m, uint8(m)))]],
  [0x42, ['BINBYTES', (m) => push(m, take(m, uint32(m)))]],
  [0x43, ['SHORT_BINBYTES', (m) => push(m, take(m, uint8(m)))]],
  [0x96, ['BYTEARRAY8', (m) => push(m, take(m, uint64(m)))]],

  [0x28, ['MARK', (m) => void m.marks.push(m.stack.length)]],
  [0x29, ['EMPTY_TUPLE', (m) => push(m, [])]],
  [0x85, ['TUPLE1', (m) => push(m, popMany(m, 1))]],
  [0x86, ['TUPLE2', (m) => push(m, popMany(m, 2))]],
  [0x87, ['TUPLE3', (m) => push(m, popMany(m, 3))]],
  [0x74, ['TUPLE', (m) => push(m, popToMark(m))]],
  [0x7d, ['EMPTY_DICT', (m) => push(m, new Map())]],
  [0x73, ['SETITEM', (m) => setItems(m, popMany(m, 2))]],
  [0x75, ['SETITEMS', (m) => setItems(m, popToMark(m))]],

  [0x71, ['BINPUT', (m) => void m.memo.set(uint8(m), top(m))]],
  [0x72, ['LONG_BINPUT', (m) => void m.memo.set(uint32(m), top(m))]],
  [0x94, ['MEMOIZE', (m) => void m.memo.set(m.memo.size, top(m))]],
  [0x68, ['BINGET', (m) => recall(m, uint8(m))]],
  [0x6a, ['LONG_BINGET', (m) => recall(m, uint32(m))]],

  [0x63, ['GLOBAL', (m) => push(m, global(m, line(m), line(m)))]],
  [0x93, ['STACK_GLOBAL', stackGlobal]],
  [0x52, ['REDUCE', reduce]],
  [0x62, ['BUILD', build]]
])

/** Frames only say how much to fetch at once, and here is all of it. */
function checkFrame(m: Machine, length: number): void {
  const left = m.bytes.length - m.at
  if (length > left) refuse(m, `${left} more bytes`, `a frame of ${length}`)
}

/** The other opcodes of Python's, for the sake of a clear refusal. */
// biome-ignore format: a table
const refusedOpcodes: Readonly<Record<number, string>> = {
  48: 'POP', 49: 'POP_MARK', 50: 'DUP', 70: 'FLOAT', 71: 'BINFLOAT', 73: 'INT', 76: 'LONG', 80: 'PERSID',
  81: 'BINPERSID', 83: 'STRING', 84: 'BINSTRING', 85: 'SHORT_BINSTRING', 86: 'UNICODE', 93: 'EMPTY_LIST', 97: 'APPEND',
  100: 'DICT', 101: 'APPENDS', 103: 'GET', 105: 'INST', 108: 'LIST', 111: 'OBJ', 112: 'PUT', 128: 'PROTO',
  129: 'NEWOBJ', 130: 'EXT1', 131: 'EXT2', 132: 'EXT4', 138: 'LONG1', 139: 'LONG4', 141: 'BINUNICODE8',
  142: 'BINBYTES8', 143: 'EMPTY_SET', 144: 'ADDITEMS', 145: 'FROZENSET', 146: 'NEWOBJ_EX', 151: 'NEXT_BUFFER',
  152: 'READONLY_BUFFER'
}

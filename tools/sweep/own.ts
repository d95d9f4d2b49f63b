/** Strategies of one's own: files that are compiled by esbuild, named by their hash, and loaded where a run is computed. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import { build } from 'esbuild'
import type * as rg from 'radgrad'
import { isRecord } from 'radgrad/dist/internal.js'

/** A file, and the parts that it declares. */
export interface Own {
  /** The file's name and the hash of its text and of all that it imports by a path, but not of packages. */
  readonly name: rg.OwnName
  readonly file: string
  /** Returns its strategy, set by a protocol if it is a function of one, and its cost of labels. */
  participants(protocol: rg.Protocol): Pick<rg.Participants, 'strategy' | 'cost'>
}

type Declared = rg.QueryStrategy | ((protocol: rg.Protocol) => rg.QueryStrategy)

export const isFile = (strategy: string): boolean => /\.[cm]?[jt]s$/.test(strategy)

/**
 * Compiles and loads the file of a strategy.
 *
 * @throws Error that names the file, and what of it cannot be compiled, run or used
 */
export async function loadOwn(path: string): Promise<Own> {
  const file = resolve(path)
  const folder = dirname(file)
  const { outputFiles, metafile } = await build({
    entryPoints: [file],
    absWorkingDir: folder,
    ...{ bundle: true, packages: 'external', platform: 'node', format: 'cjs', target: 'node20' },
    ...{ write: false, metafile: true, logLevel: 'silent' }
  }).catch(({ message }: Error) => failed(path, message))
  const hash = createHash('sha256')
  for (const source of Object.keys(metafile.inputs).sort())
    hash.update(
      `${relative(folder, resolve(folder, source)).split(sep).join('/')}\0${readFileSync(resolve(folder, source), 'utf8')}\0`
    )
  const module: { exports: { default?: Declared; cost?: rg.Cost } } = { exports: {} }
  const [ours, theirs] = [createRequire(import.meta.url), createRequire(file)]
  // the same library as the run's, wherever the file stands; the files of Node are given already
  const load = (name: string): unknown =>
    name === 'radgrad-tools/host' ? {} : name === 'radgrad' ? ours(name) : theirs(name)
  try {
    new Function('module', 'exports', 'require', outputFiles[0].text)(module, module.exports, load)
  } catch (error) {
    failed(path, (error as Error).message)
  }
  const { default: declared, cost, ...others } = module.exports
  if (declared === undefined)
    failed(path, 'it has no `export default`, of a strategy or of a function that returns one')
  const [unknown] = Object.keys(others)
  if (unknown) failed(path, `it exports ${unknown}: a file exports its strategy as the default, and perhaps its cost`)
  return {
    name: `${basename(file).replace(/\.[cm]?[jt]s$/, '')}@${hash.digest('hex')}`,
    file,
    participants(protocol) {
      if (typeof declared !== 'function' && protocol.rate !== undefined)
        failed(path, 'a rate is of the strategies that take one: export default ({ rate = 0.1 }) => …')
      return {
        strategy: typeof declared === 'function' ? called(declared, protocol, path) : declared,
        ...(cost && { cost })
      }
    }
  }
}

/** Returns the strategy that a function returns, or throws what names its file. */
function called(declared: (protocol: rg.Protocol) => rg.QueryStrategy, protocol: rg.Protocol, path: string) {
  let strategy: unknown
  try {
    strategy = declared(protocol)
  } catch (error) {
    failed(path, `its function: ${(error as Error).message}`)
  }
  if (isRecord(strategy)) return strategy as unknown as rg.QueryStrategy
  return failed(path, `its function returned ${strategy}, not a strategy`)
}

function failed(path: string, message: string): never {
  throw new Error(`${path} cannot be used as a strategy: ${message}`)
}

const loaded = new Map<string, Own>()

/**
 * Returns what a file declares, loaded once for each name.
 *
 * @throws Error when the file is another than it was when the run was named
 */
export async function loadNamed(file: string, name: string): Promise<Own> {
  const own = loaded.get(name) ?? (await loadOwn(file))
  if (own.name !== name)
    throw new Error(`${file} was changed: its run is of ${short(name)}, and it is ${short(own.name)}`)
  loaded.set(name, own)
  return own
}

/** Returns a name with a few digits of its hash. */
export const short = (name: string): string => name.replace(/(@[0-9a-f]{8})[0-9a-f]+$/, '$1')

/** Returns the protocol of a file's strategy and cost. */
export const withOwn = (protocol: rg.Protocol, own: Own): rg.Protocol => ({
  ...protocol,
  strategy: own.name,
  ...(own.participants(protocol).cost && { cost: own.name })
})

/**
 * Returns the file of a protocol's strategy among those that are here; none for one of the library.
 *
 * @throws Error when the strategy is of a file that is not here, or that has changed, or of a function that never was
 */
export function fileOf({ strategy }: Pick<rg.RecordedProtocol, 'strategy'>, here: readonly Own[]): string | undefined {
  if (!strategy.includes('@')) return undefined
  if (strategy.endsWith('@unverifiable'))
    throw new Error(`${strategy} was a function of somebody’s process: nobody else can run or verify it`)
  const found = here.find(({ name }) => name === strategy)
  if (found) return found.file
  const [base] = strategy.split('@')
  const changed = here.find(({ name }) => name.split('@')[0] === base)
  throw new Error(
    changed
      ? `its strategy is ${short(strategy)}, and ${changed.file} is ${short(changed.name)}: the file has changed`
      : `its strategy ${short(strategy)} is a file that is not here: give it, --strategies ./${base}.ts`
  )
}

/**
 * Reads what `lib/index.ts` exports from the compiled declarations, through the compiler's own interface. That is not stable yet, so it may need a
 * change with another version of TypeScript.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import {
  API,
  type Checker,
  type Symbol as Exported,
  type JSDocTagInfo,
  NodeBuilderFlags,
  SymbolFlags,
  type Type
} from 'typescript/unstable/sync'
import { inRoot } from '../setup/root.mjs'

/** A public name. */
export interface Entry {
  readonly name: string
  /** The source file, from lib/ on. */
  readonly file: string
  readonly line: number
  readonly declaration: string
  readonly description: string
  readonly tags: readonly JSDocTagInfo[]
}

/** Reads the public names, in the order of their sources. */
export function publicNames(): Entry[] {
  const api = new API()
  try {
    const index = inRoot('lib/dist/index.d.ts')
    const project = api.updateSnapshot({ openFiles: [index] }).getDefaultProjectForFile(index)
    const module = project?.program.getSourceFile(index)
    if (!project || !module) throw new Error(`${index} cannot be read: run node tools/setup/setup.mjs`)
    const { checker } = project
    const symbols = checker
      .getExportsOfModule(checker.getSymbolAtLocation(module)!)
      .map((symbol) => (symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    const names = namesByText(symbols, checker)
    const entries = symbols.map((symbol) => entryOf(symbol, checker, names))
    return formatted(entries).sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
  } finally {
    api.close()
  }
}

function entryOf(symbol: Exported, checker: Checker, names: ReadonlyMap<string, string>): Entry {
  const { name } = symbol
  let node = symbol.declarations[0].resolve()
  if (!node) throw new Error(`${name} is exported by lib/index.ts, but declared nowhere`)
  const declarations = node.getSourceFile()
  // up to the statement, which begins with `export`
  while (node.parent !== declarations) node = node.parent
  const file = relative(inRoot('lib/dist'), declarations.fileName).replace(/\.d\.ts$/, '.ts')
  return {
    name,
    file,
    line: lineOf(name, file),
    declaration: (isDerived(node.getText()) ? written(symbol, checker, names) : node.getText()).replace(
      /import\([^)]*\)\./g,
      ''
    ),
    description: checker.getDocumentationCommentOfSymbol(symbol),
    tags: checker.getJsDocTagsOfSymbol(symbol)
  }
}

/** Tests whether a type is declared by way of a value: a schema, or a table's keys. */
const isDerived = (declaration: string): boolean => /^export type .*\b(typeof|keyof)\b/s.test(declaration)

/** Writes out what a derived type comes to, in the names of other types where they have one. */
function written(symbol: Exported, checker: Checker, names: ReadonlyMap<string, string>): string {
  const type = checker.getDeclaredTypeOfSymbol(symbol)
  if (!type.isObjectType()) return `export type ${symbol.name} = ${textOf(type, checker)}`
  const fields = checker.getPropertiesOfType(type).map((field) => {
    const about = checker.getDocumentationCommentOfSymbol(field).replaceAll('\n', '\n * ')
    const comment = about.includes('\n') ? `/**\n * ${about}\n */\n` : about && `/** ${about} */\n`
    const optional = field.flags & SymbolFlags.Optional ? '?' : ''
    const text = textOf(checker.getTypeOfSymbol(field)!, checker)
    const named = [...names].reduce((text, [expansion, name]) => text.replaceAll(expansion, name), text)
    return `${comment}readonly ${field.name}${optional}: ${named}`
  })
  return `export type ${symbol.name} = {\n${fields.join('\n')}\n}`
}

/** Returns a type as text, without `readonly` in front of fields. */
const textOf = (type: Type, checker: Checker): string =>
  checker
    .typeToString(type, undefined, NodeBuilderFlags.NoTruncation | NodeBuilderFlags.InTypeAlias)
    .replace(/readonly (?=\w+\??:)/g, '')
    .replaceAll('Readonly<{', '{')
    .replaceAll('}>', '}')

/** Returns the names of types that are unions of words, or objects, by what they come to; the longest first. */
const namesByText = (symbols: readonly Exported[], checker: Checker): ReadonlyMap<string, string> =>
  new Map(
    symbols
      .filter(({ flags }) => flags & SymbolFlags.TypeAlias)
      .map((symbol) => [textOf(checker.getDeclaredTypeOfSymbol(symbol), checker), symbol.name] as const)
      .filter(([text]) => /^["{]/.test(text))
      .sort(([a], [b]) => b.length - a.length)
  )

function lineOf(name: string, file: string): number {
  const declares = new RegExp(`^export (async )?(const|function\\*?|interface|type|class) ${name}\\b`)
  const index = readFileSync(inRoot('lib', file), 'utf8')
    .split('\n')
    .findIndex((line) => declares.test(line))
  if (index < 0) throw new Error(`lib/${file} declares no ${name} any more: run node tools/setup/setup.mjs`)
  return index + 1
}

/** Breaks the declarations into lines that fit a page, all in one call. */
function formatted(entries: readonly Entry[]): Entry[] {
  const between = '\n// next\n'
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [inRoot('node_modules/@biomejs/biome/bin/biome'), 'format', '--line-width=100', '--stdin-file-path=api.ts'],
    { input: entries.map(({ declaration }) => declaration).join(between), encoding: 'utf8' }
  )
  if (status !== 0) throw new Error(`declarations of the library cannot be formatted: ${stderr}`)
  const declarations = stdout.split(between)
  return entries.map((entry, i) => ({
    ...entry,
    declaration: declarations[i].trim().replace(/^export (declare )?/, '')
  }))
}

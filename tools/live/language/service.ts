/** Completion and inspection by TypeScript's language service, over declarations that are all in memory. */
import ts from '@tslab/typescript-for-tslab'
import { type Cells, documentOf } from './document.ts'
import { cellsFile, compilerOptions, libraryFolder } from './options.ts'

export interface Completions {
  /** The part of the code that a completion replaces. */
  readonly start: number
  readonly end: number
  readonly names: readonly { readonly name: string; readonly kind: string }[]
}

export interface LanguageService {
  complete(cells: Cells, at: number): Completions
  /** Describes what stands at a place of the last cell: its type, then its docstring. */
  inspect(cells: Cells, at: number): string | undefined
}

/** @param declarations texts of files, by their paths */
export function createLanguageService(declarations: ReadonlyMap<string, string>): LanguageService {
  let text = ''
  let version = 0
  const folders = new Set([...declarations.keys()].flatMap(foldersOf))
  const read = (path: string): string | undefined => (path === cellsFile ? text : declarations.get(path))
  const service = ts.createLanguageService({
    getCompilationSettings: () => compilerOptions,
    getScriptFileNames: () => [cellsFile],
    getScriptVersion: (path) => (path === cellsFile ? String(version) : '0'),
    getScriptSnapshot(path) {
      const found = read(path)
      return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found)
    },
    getCurrentDirectory: () => '/',
    getDefaultLibFileName: () => `${libraryFolder}/lib.es2022.d.ts`,
    fileExists: (path) => read(path) !== undefined,
    directoryExists: (path) => folders.has(path),
    readFile: read
  })

  /** Makes the cells known, and returns the place of the last one. */
  function show(cells: Cells): number {
    const document = documentOf(cells)
    text = document.text
    version++
    return document.start
  }

  return {
    complete(cells, at) {
      const position = show(cells) + at
      const prefix = /[\w$]*$/.exec(cells.code.slice(0, at))![0]
      const { entries = [] } = service.getCompletionsAtPosition(cellsFile, position, undefined) ?? {}
      const names = entries
        .filter(({ name, kind }) => name.startsWith(prefix) && kind !== ts.ScriptElementKind.warning)
        .sort((a, b) => a.sortText.localeCompare(b.sortText) || a.name.localeCompare(b.name))
        .map(({ name, kind }) => ({ name, kind }))
      return { start: at - prefix.length, end: at, names }
    },
    inspect(cells, at) {
      const position = show(cells) + at
      for (const place of [position, position - 1]) {
        const info = service.getQuickInfoAtPosition(cellsFile, place)
        if (info) return described(info.displayParts, info.documentation, info.tags)
      }
      const call = service.getSignatureHelpItems(cellsFile, position, undefined)
      if (!call) return undefined
      const item = call.items[call.selectedItemIndex]
      const parameters = item.parameters.map(({ displayParts }) => written(displayParts))
      const signature = `${written(item.prefixDisplayParts)}${parameters.join(', ')}${written(item.suffixDisplayParts)}`
      return [signature, described([], item.documentation, item.tags)].filter(Boolean).join('\n\n')
    }
  }
}

type Parts = readonly ts.SymbolDisplayPart[] | undefined

const written = (parts: Parts): string => ts.displayPartsToString([...(parts ?? [])])

const described = (parts: Parts, documentation: Parts, tags: readonly ts.JSDocTagInfo[] = []): string =>
  [
    written(parts).replace(/\n(import|export) .*$/, ''), // the way to an alias
    written(documentation),
    tags.map(({ name, text }) => `@${name} ${written(text)}`).join('\n')
  ]
    .filter(Boolean)
    .join('\n\n')

/** Returns a path's folders: `/a/b.ts` is in `/a` and in `/`. */
const foldersOf = (path: string): string[] =>
  path
    .split('/')
    .slice(0, -1)
    .map((_, i, parts) => parts.slice(0, i + 1).join('/') || '/')

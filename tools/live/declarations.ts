/** Collects the declarations that the language service needs: those of the modules that cells import, and TypeScript's own. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import ts from '@tslab/typescript-for-tslab'
import { root } from '../setup/root.mjs'
import { cellsFile, compilerOptions, libraryFolder, modules } from './language/options.ts'

const ownLibraries = dirname(createRequire(import.meta.url).resolve('@tslab/typescript-for-tslab'))

export interface Declarations {
  /** The texts of all files that the compiler read, by their paths in the service. */
  readonly files: Readonly<Record<string, string>>
  /** The exports of each module that are types only. */
  readonly types: Readonly<Record<string, readonly string[]>>
}

/** Compiles a cell that imports every module. */
export function collectDeclarations(): Declarations {
  const found: Record<string, string> = {}
  const cell = modules.map((name, i) => `import * as module${i} from '${name}'`).join('\n')
  const onDisk = (path: string): string =>
    path.startsWith(libraryFolder) ? join(ownLibraries, path.slice(libraryFolder.length)) : join(root, path)
  const readFile = (path: string): string | undefined => {
    if (path === cellsFile) return cell
    const text = ts.sys.readFile(onDisk(path))
    if (text !== undefined) found[path] = text
    return text
  }
  const program = ts.createProgram([cellsFile], compilerOptions, {
    getSourceFile(path, target) {
      const text = readFile(path)
      return text === undefined ? undefined : ts.createSourceFile(path, text, target)
    },
    getDefaultLibFileName: () => `${libraryFolder}/lib.es2022.d.ts`,
    getDefaultLibLocation: () => libraryFolder,
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (path) => path === cellsFile || ts.sys.fileExists(onDisk(path)),
    directoryExists: (path) => ts.sys.directoryExists(onDisk(path)),
    readFile,
    writeFile() {}
  })
  const source = program.getSourceFile(cellsFile)
  const missing = program.getSemanticDiagnostics(source)
  if (missing.length > 0)
    throw new Error(missing.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')).join('\n'))
  const imports = source?.statements.filter(ts.isImportDeclaration) ?? []
  const checker = program.getTypeChecker()
  const types = imports.map(({ moduleSpecifier }, i) => [modules[i], typesOf(checker, moduleSpecifier)] as const)
  return { files: found, types: Object.fromEntries(types) }
}

/** Returns the exports of a module that are no values. */
function typesOf(checker: ts.TypeChecker, specifier: ts.Expression): string[] {
  const module = checker.getSymbolAtLocation(specifier)
  if (!module) return []
  const isValue = (symbol: ts.Symbol): boolean => {
    const named = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    return (named.flags & ts.SymbolFlags.Value) !== 0
  }
  return checker
    .getExportsOfModule(module)
    .filter((symbol) => !isValue(symbol))
    .map(({ name }) => name)
}

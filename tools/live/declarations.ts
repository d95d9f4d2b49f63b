/** Collects the declarations that the language service needs: those of the modules that cells import, and TypeScript's own. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import ts from '@tslab/typescript-for-tslab'
import { root } from '../setup/root.mjs'
import { cellsFile, compilerOptions, libraryFolder, modules } from './language/options.ts'

const ownLibraries = dirname(createRequire(import.meta.url).resolve('@tslab/typescript-for-tslab'))

/**
 * Compiles a cell that imports every module.
 *
 * @returns the texts of all files that the compiler read, by their paths in the service
 */
export function collectDeclarations(): Record<string, string> {
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
  const missing = program.getSemanticDiagnostics(program.getSourceFile(cellsFile))
  if (missing.length > 0)
    throw new Error(missing.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')).join('\n'))
  return found
}

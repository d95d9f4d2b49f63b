/** The compiler's settings for cells. They are those of a notebook: it resolves modules as tslab does. */
import ts from '@tslab/typescript-for-tslab'

export const modules = ['radgrad', 'danfojs-node', 'mathjs', '@tensorflow/tfjs-node']

export const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.NodeJs,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
  types: [],
  strict: true,
  esModuleInterop: true,
  skipLibCheck: true,
  preserveSymlinks: true
}

/** The file of the cells, which stands beside node_modules/. */
export const cellsFile = '/cells.ts'

/** The folder of TypeScript's own declarations. */
export const libraryFolder = '/lib'

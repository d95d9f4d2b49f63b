/** A notebook's cells as one module of TypeScript, in which the compiler finds what a cell sees of those before it. */
import ts from '@tslab/typescript-for-tslab'

export interface Cells {
  /** The sources of the cells before, in order. */
  readonly before: readonly string[]
  readonly code: string
}

export interface Document {
  readonly text: string
  /** The place of the last cell's first character. */
  readonly start: number
}

/**
 * Makes a block of each cell, inside the one before: so a cell sees the names of all before it, and may declare one again. Imports, which
 * blocks cannot have, go first.
 */
export function documentOf({ before, code }: Cells): Document {
  const imports = new Set<string>()
  const bodies = [...before, code].map((cell) => withoutImports(cell, imports))
  const opening = [...[...imports], ...bodies.slice(0, -1).map((body) => `{ ${body}`), '{ '].join('\n')
  // the export makes it a module, in which `await` may stand anywhere
  return { text: `${opening}${bodies.at(-1)}\n${'}'.repeat(bodies.length)}\nexport {}`, start: opening.length }
}

/** Blanks a cell's imports, so that all else keeps its place, and adds them to the others. */
function withoutImports(cell: string, imports: Set<string>): string {
  const { statements } = ts.createSourceFile('cell.ts', cell, ts.ScriptTarget.ES2022)
  let text = cell
  for (const statement of statements.filter(ts.isImportDeclaration)) {
    const found = cell.slice(statement.getFullStart(), statement.end)
    imports.add(found.trim())
    text = text.slice(0, statement.getFullStart()) + found.replace(/[^\n]/g, ' ') + text.slice(statement.end)
  }
  return text
}

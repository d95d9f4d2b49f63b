/** Notebooks as JupyterLab's page wants them. */

interface Output {
  readonly text?: unknown
  readonly data?: Readonly<Record<string, unknown>>
}

interface Cell {
  readonly outputs?: readonly Output[]
}

/** A notebook in Jupyter's format; only its outputs matter here. */
export interface Notebook {
  readonly cells: readonly Cell[]
}

/**
 * Joins the lines of outputs, which a file may have as a list. A server of Jupyter does it on the way; a page without one would show commas.
 */
export const joinLines = (notebook: Notebook): Notebook => ({
  ...notebook,
  cells: notebook.cells.map((cell) => (cell.outputs ? { ...cell, outputs: cell.outputs.map(joined) } : cell))
})

function joined(output: Output): Output {
  const { text, data } = output
  const forms = Object.entries(data ?? {}).map(([type, value]) => [type, /\bjson$/.test(type) ? value : join(value)])
  return {
    ...output,
    ...(text !== undefined && { text: join(text) }),
    ...(data && { data: Object.fromEntries(forms) })
  }
}

const join = (lines: unknown): unknown => (Array.isArray(lines) ? lines.join('') : lines)

/** @throws Error for what is no notebook */
export function parseNotebook(text: string): Notebook {
  const notebook: unknown = JSON.parse(text)
  if (!isNotebook(notebook)) throw new Error('it is no notebook of Jupyter: it has no cells')
  return joinLines(notebook)
}

const isNotebook = (value: unknown): value is Notebook => Array.isArray(Object(value).cells)

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

/** @throws Error for what is no notebook, in words that follow its name */
export function parseNotebook(text: string): Notebook {
  const notebook = parse(text)
  const { nbformat, cells } = Object(notebook) as { nbformat?: unknown; cells?: unknown }
  if (nbformat !== 4) throw new Error('it is no notebook of Jupyter in its format 4')
  if (!Array.isArray(cells) || !cells.every(isCell)) throw new Error('its cells are not those of a notebook')
  return joinLines(notebook as Notebook)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('it is no notebook of Jupyter: it is not JSON')
  }
}

function isCell(value: unknown): boolean {
  const { cell_type, outputs } = Object(value) as { cell_type?: unknown; outputs?: unknown }
  if (cell_type !== 'code') return cell_type === 'markdown' || cell_type === 'raw'
  return outputs === undefined || (Array.isArray(outputs) && outputs.every((one) => Object(one) === one))
}

/**
 * Returns the name of a notebook's file, as it is kept.
 *
 * @throws Error for another kind of file
 */
export function notebookName(name: string): string {
  if (!/.\.ipynb$/i.test(name)) throw new Error('it is no notebook: the name of one ends in .ipynb')
  return name.replace(/\.ipynb$/i, '.ipynb')
}

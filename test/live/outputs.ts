/** Outputs of a cell, in a form in which those of two kernels can be compared. */
import type { Output } from './page'

const joined = (text: string | readonly string[] | undefined): string => [text ?? ''].flat().join('')

/** Reads JSON by value: the order of its keys does not count. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)])
  )
}

/**
 * Returns the outputs without pictures, which another program draws, and with neighbouring streams of one name as one.
 *
 * @throws Error for a cell that failed
 */
export function comparable(outputs: readonly Output[]): unknown[] {
  const list: unknown[] = []
  let stream: { name: string | undefined; text: string } | undefined
  for (const { output_type, name, text, data, ename, evalue } of outputs) {
    if (output_type === 'error') throw new Error(`the cell failed: ${ename}: ${evalue}`)
    if (output_type === 'stream' && stream?.name === name) stream!.text += joined(text)
    else if (output_type === 'stream') {
      stream = { name, text: joined(text) }
      list.push(stream)
    } else {
      stream = undefined
      const forms = Object.entries(data ?? {}).filter(([type]) => type !== 'image/png')
      list.push(
        Object.fromEntries(
          forms.map(([type, value]) => [type, type.includes('json') ? sorted(value) : joined(value as string)])
        )
      )
    }
  }
  return list
}

/** Returns all text of a cell's outputs, in order. */
export const textOf = (outputs: readonly Output[]): string =>
  outputs.map(({ text, data }) => joined(text) || joined(data?.['text/plain'] as string | undefined)).join('')

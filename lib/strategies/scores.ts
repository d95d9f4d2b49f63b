/** What a critic says of a batch of states and the actions proposed there: named columns, [rows] each. */
export type Scores = Readonly<Record<string, Float32Array>>

/** Scores that are computed when they are first looked at: a rule looks at few of what its critic can say. */
export function lazily<Name extends string>(
  columns: Readonly<Record<Name, () => Float32Array>>
): Readonly<Record<Name, Float32Array>> {
  const scores = {} as Record<Name, Float32Array>
  for (const [name, compute] of Object.entries<() => Float32Array>(columns)) {
    let column: Float32Array | undefined
    const get = (): Float32Array => {
      column ??= compute()
      return column
    }
    Object.defineProperty(scores, name, { get, enumerable: true })
  }
  return scores
}

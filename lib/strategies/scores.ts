/** What a critic says of a batch of states and the actions proposed there: named columns, [rows] each. */
export type Scores = Readonly<Record<string, Float32Array>>

/** Scores that are computed when they are first looked at: a rule looks at few of what its critic can say. */
export function lazily<Name extends string>(
  columns: Readonly<Record<Name, () => Float32Array>>
): Readonly<Record<Name, Float32Array>> {
  const scores = {} as Record<Name, Float32Array>
  for (const [name, compute] of Object.entries<() => Float32Array>(columns))
    Object.defineProperty(scores, name, { get: once(compute), enumerable: true })
  return scores
}

/** What is computed once, when it is first asked for. */
export function once<T extends object>(compute: () => T): () => T {
  let computed: T | undefined
  return () => {
    computed ??= compute()
    return computed
  }
}

/** Returns the number as a text says it. */
export const count = (seeds: number): string => (seeds === 1 ? '1 seed' : `${seeds} seeds`)

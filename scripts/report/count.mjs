/** As a text says it. */
export const count = (seeds) => (seeds === 1 ? '1 seed' : `${seeds} seeds`)

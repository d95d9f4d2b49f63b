// @ts-check
/**
 * Returns the system's code of an error, as ENOENT, or nothing.
 *
 * @param {unknown} error
 */
export const codeOf = (error) => String(/** @type {NodeJS.ErrnoException} */ (error)?.code ?? '')

/**
 * Returns what an error says.
 *
 * @param {unknown} error
 */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error))

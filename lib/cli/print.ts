/** A line of results. Unlike console.log, it does not keep to itself that the disk is full. */
export const print = (line: string): boolean => process.stdout.write(`${line}\n`)

/** A line that is no result. */
export const warn = (line: string): boolean => process.stderr.write(`radgrad: ${line}\n`)

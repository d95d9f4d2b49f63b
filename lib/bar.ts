/** A progress bar in letters. */
const width = 16

/** @param share from 0 to 1 */
export const bar = (share: number): string => '█'.repeat(Math.round(share * width)).padEnd(width, '░')

/** Minutes and seconds. */
export const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`

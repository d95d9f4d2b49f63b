import { SingleBar } from 'cli-progress'
import { clock, bar as letters } from '../bar'
import { print, warn } from './print'

/** A bar on a terminal's standard error, with the time left, and lines on standard output above it. */
export interface ProgressBar {
  /** How much is done, of the total. */
  reach(value: number): void
  print(line: string): void
  /** As `print`, but on standard error. */
  warn(line: string): void
  stop(): void
}

const seconds = (): number => performance.now() / 1000

/**
 * Nothing is drawn where standard error is no terminal.
 *
 * @param tell what is done in words
 */
export function progressBar(title: string, total: number, tell: (value: number) => string): ProgressBar {
  const { stderr } = process
  if (!stderr.isTTY) return { reach() {}, print, warn, stop() {} }
  const begun = seconds()
  const bar = new SingleBar({
    format(_, { value, progress }) {
      const gone = seconds() - begun
      const left = value === 0 ? '' : `, about ${clock((gone * (total - value)) / value)} left`
      return `${title} ${letters(progress)} ${tell(value)}, ${clock(gone)} gone${left}`
    },
    stream: stderr,
    linewrap: true, // else a process that is killed leaves the terminal without
    clearOnComplete: true
  })
  bar.start(total, 0)
  const above = (write: (line: string) => void) => (line: string) => {
    stderr.write('\r\x1b[K')
    write(line)
    // when it stops, the bar clears the line that the cursor was saved on: not one that is printed
    stderr.write('\x1b7')
  }
  return {
    reach: (value) => bar.update(value),
    print: above(print),
    warn: above(warn),
    stop: () => bar.stop()
  }
}

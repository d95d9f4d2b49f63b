import { SingleBar } from 'cli-progress'

/** A bar on a terminal's standard error, with the time left, and lines on standard output above it. */
export interface ProgressBar {
  advance(): void
  print(line: string): void
  stop(): void
}

const width = 16
const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`

const seconds = (): number => performance.now() / 1000

/** Nothing is drawn where standard error is no terminal. */
export function progressBar(title: string, total: number, unit: string): ProgressBar {
  const { stderr } = process
  // console.log would keep to itself that the disk is full
  const write = (line: string): boolean => process.stdout.write(`${line}\n`)
  if (!stderr.isTTY) return { advance() {}, print: write, stop() {} }
  const begun = seconds()
  const bar = new SingleBar({
    format(_, { value, progress, eta }) {
      const drawn = '█'.repeat(Math.round(progress * width)).padEnd(width, '░')
      const left = value === 0 ? '' : `, about ${clock(eta)} left`
      return `${title} ${drawn} ${value} of ${total} ${unit}, ${clock(seconds() - begun)} gone${left}`
    },
    stream: stderr,
    linewrap: true, // else a process that is killed leaves the terminal without
    clearOnComplete: true,
    etaBuffer: 5
  })
  bar.start(total, 0)
  return {
    advance: () => bar.increment(),
    print(line) {
      stderr.write('\r\x1b[K')
      write(line)
      // when it stops, the bar clears the line that the cursor was saved on: not one that is printed
      stderr.write('\x1b7')
    },
    stop: () => bar.stop()
  }
}

import { SingleBar } from 'cli-progress'

/** A bar on a terminal's standard error, with the time left, and lines on standard output above it. */
export interface ProgressBar {
  advance(): void
  print(line: string): void
  stop(): void
}

/** Nothing is drawn where standard error is no terminal. */
export function progressBar(title: string, total: number, unit: string): ProgressBar {
  const { stderr } = process
  if (!stderr.isTTY) return { advance() {}, print: (line) => console.log(line), stop() {} }
  const format = `${title} {bar} {value} of {total} ${unit}, {duration_formatted} gone, {eta_formatted} left`
  const bar = new SingleBar({
    format,
    stream: stderr,
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 5
  })
  bar.start(total, 0)
  return {
    advance: () => bar.increment(),
    print(line) {
      stderr.write('\r\x1b[K')
      console.log(line)
    },
    stop: () => bar.stop()
  }
}

import cliProgress from 'cli-progress'

/** A bar on a terminal's standard error, with the time left, and lines on standard output above it. */
export interface ProgressBar {
  /** @param words values for names in the bar's format */
  reach(value: number, words?: Readonly<Record<string, unknown>>): void
  print(line: string): void
  warn(line: string): void
  stop(): void
}

/** Prints a line of results. Unlike console.log, it does not hide that the disk is full. */
export const print = (line: string): boolean => process.stdout.write(`${line}\n`)

/** Prints a line that is no result. */
export const warn = (line: string): boolean => process.stderr.write(`radgrad: ${line}\n`)

/**
 * Draws nothing where standard error is no terminal.
 *
 * @param done says in cli-progress's format how much is done
 */
export function progressBar(
  name: string,
  total: number,
  done: string,
  words: Readonly<Record<string, unknown>> = {}
): ProgressBar {
  const { stderr, stdout } = process
  if (!stderr.isTTY) return { reach() {}, print, warn, stop() {} }
  const bars = new cliProgress.MultiBar(
    {
      format: `${name} {bar} ${done}, {duration_formatted} gone, {eta_formatted} left`,
      formatTime: (t, ...more) => (Number.isFinite(t) ? cliProgress.Format.TimeFormat(t, ...more) : '?'),
      barsize: 16,
      ...{ fps: 2, etaAsynchronousUpdate: true, etaBuffer: 10_000 }, // as cli-progress recommends for what takes long
      linewrap: true, // else a killed process leaves the terminal without
      forceRedraw: true,
      clearOnComplete: true,
      gracefulExit: false
    },
    cliProgress.Presets.shades_classic
  )
  const bar = bars.create(total, 0, { ...words })
  const log = (line: string): void => {
    bars.log(`${line}\n`)
    bars.update()
  }
  return {
    reach: (value, words) => bar.update(value, words),
    print: stdout.isTTY ? log : print,
    warn: (line) => log(`radgrad: ${line}`),
    stop() {
      bars.update() // draws what came since the last frame
      bars.stop()
    }
  }
}

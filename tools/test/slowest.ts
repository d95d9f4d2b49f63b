import type { Reporter, TestModule } from 'vitest/node'

const count = 10

/** Reports the ten slowest files of a test run. */
export default class Slowest implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const files = modules.map((module) => ({
      file: module.relativeModuleId,
      seconds: module.diagnostic().duration / 1000
    }))
    const slowest = files.sort((a, b) => b.seconds - a.seconds).slice(0, count)
    console.log(
      `\nThe slowest files, s\n${slowest.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(8)}  ${file}`).join('\n')}`
    )
  }
}

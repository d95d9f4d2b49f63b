import { defineConfig } from 'vitest/config'
import LongestFirst from './tools/test/longest-first.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/host.ts'],
    pool: 'forks',
    // for two processors: the others fill them while some wait, for a network say
    maxWorkers: 4,
    maxConcurrency: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 60_000 } },
    execArgv: ['--require', './tools/setup/node-compat.cjs']
  }
})

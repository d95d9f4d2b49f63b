import { defineConfig } from 'vitest/config'
import LongestFirst from './tools/test/longest-first.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/host.ts'],
    pool: 'forks',
    // for two processors: the third fills them while others wait, for a network say
    maxWorkers: 3,
    maxConcurrency: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    execArgv: ['--require', './tools/setup/node-compat.cjs']
  }
})

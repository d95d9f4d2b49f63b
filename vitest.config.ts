import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // twelve minutes of set-ups on other versions and broken machines; not part of CI yet
    exclude: process.env.RADGRAD_SETUPS ? [] : ['test/setup/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    execArgv: ['--require', './scripts/node-compat.cjs']
  }
})

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // run by hand until they are part of CI: npx vitest run --exclude none test/setup
    exclude: ['test/setup/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    execArgv: ['--require', './scripts/node-compat.cjs']
  }
})

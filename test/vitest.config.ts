import { defineConfig } from 'vitest/config'

// One project: domain tests need nothing, the others clone the template database that globalSetup prepares.
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres.ts'],
    pool: 'forks', maxWorkers: 2, testTimeout: 30_000, hookTimeout: 60_000,
  },
})

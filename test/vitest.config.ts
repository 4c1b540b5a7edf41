import { defineConfig } from 'vitest/config'

// Workers, and the servers that tests start, find the packages compiled: 150 files would each compile them anew.
process.env.NODE_COMPILE_CACHE ??= new URL('../node_modules/.compile-cache', import.meta.url).pathname

// One project: domain tests need nothing, the others clone the template database that globalSetup prepares.
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres.ts'],
    pool: 'forks', isolate: false, maxWorkers: 2, testTimeout: 30_000, hookTimeout: 60_000,
  },
})

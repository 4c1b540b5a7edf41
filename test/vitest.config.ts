import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// Workers, and the servers that tests start, find the packages compiled: 150 files would each compile them anew.
process.env.NODE_COMPILE_CACHE ??= new URL('../node_modules/.compile-cache', import.meta.url).pathname

// The longest begin first: one that begins last would hold up the end with the other worker idle.
const longest = ['browser/whole-path', 'app/issuing-faults', 'browser/without-script', 'test/journey', 'browser/languages', 'app/faults', 'app/secrecy', 'app/orphans', 'app/certificate-pdf-file', 'browser/independence', 'app/verify-hostile', 'browser/appeals', 'browser/surveillance', 'browser/decision', 'app/reissue-faults']
const place = ({ moduleId }: TestSpecification) => (longest.findIndex(name => moduleId.endsWith(`${name}.test.ts`)) + longest.length + 1) % (longest.length + 1)

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other))
  }
}

// One project: domain tests need nothing, the others clone the template database that globalSetup prepares. Files share a worker's modules, which hold no state: to import the server two hundred times took half of the time.
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres.ts'],
    sequence: { sequencer: LongestFirst },
    pool: 'forks', isolate: false, maxWorkers: 2, testTimeout: 30_000, hookTimeout: 60_000,
  },
})

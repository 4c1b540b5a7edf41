import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../../server/adapters/embedded-postgres.ts'
import { migrate } from '../../server/adapters/migrate.ts'
import { developmentAuthority } from '../../server/adapters/development-authority.ts'
import { connect } from '../../server/adapters/database.ts'
import { loadStandards } from '../../server/standard/load.ts'

declare module 'vitest' {
  interface ProvidedContext { databaseUrl: string; keysDir: string }
}

/** The cast lives from 2026-11-24 on, whatever the day of the run: its keys must be older, its sessions must last. */
export const castBegins = new Date('2026-11-20T00:00:00Z')

/** One throwaway Postgres for the run (or TEST_DATABASE_URL), one migrated template that each test file clones, one set of development keys. */
export default async function setup(project: TestProject) {
  const root = mkdtempSync(path.join(tmpdir(), 'akashi-test-'))
  const server = process.env.TEST_DATABASE_URL ? undefined : await startEmbeddedPostgres(path.join(root, 'postgres'), { fast: true })
  const url = process.env.TEST_DATABASE_URL ?? server?.url ?? ''
  const admin = postgres(url, { max: 1, onnotice() {} })
  await admin.unsafe('drop database if exists akashi_template with (force)')
  await admin.unsafe('create database akashi_template')
  await admin.end()
  const template = databaseAt(url, 'akashi_template')
  await migrate(template)
  const database = connect(template)
  await loadStandards(database.db, new Date('2026-11-21T00:00:00Z'))
  await database.close()
  await developmentAuthority(root, castBegins)
  project.provide('databaseUrl', url)
  project.provide('keysDir', root)
  return async () => {
    await server?.stop('SIGQUIT')
    rmSync(root, { recursive: true, force: true })
  }
}

export function databaseAt(url: string, name: string): string {
  const at = new URL(url)
  at.pathname = `/${name}`
  return at.href
}

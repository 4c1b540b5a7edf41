import { expect, it } from 'vitest'
import { isDatabaseAway } from '../../server/adapters/database.ts'
import { problemOf } from '../../server/http/problems.ts'

const wrapped = (code: string) => Object.assign(new Error('Failed query'), { cause: Object.assign(new Error(code), { code }) })

it.each(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'CONNECTION_CLOSED', 'CONNECT_TIMEOUT', '57P01', '57014'])('a database that is away with %s is told as 503, bare or wrapped', code => {
  const bare = Object.assign(new Error(code), { code })
  expect([isDatabaseAway(bare), isDatabaseAway(wrapped(code)), problemOf(wrapped(code)).status]).toEqual([true, true, 503])
})

it.each(['23505', '42P01', 'ENOENT', ''])('%j is no sign that it is away', code => expect([isDatabaseAway(wrapped(code)), problemOf(wrapped(code)).status]).toEqual([false, 500]))

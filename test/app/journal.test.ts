import { describe, expect, it } from 'vitest'
import { journal } from '../../schema/journal.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, idOf, world: { database: { db } } } = theatre
const { issued, awaiting } = sealedFilesOn(theatre)

describe('the journal of a case', () => {
  it('tells the operator who did what, newest first, down to the issuing by the clock', async () => {
    const { id, number } = await issued()
    const { body } = await as('suzuki').get(`/journal/${id}`)
    expect(body.entries.map(({ operation, actor, role }: Record<string, string>) => [operation, actor, role])).toEqual([
      ['certificates.issue', null, 'clock'], ['applications.certify', '田中 明', 'decision_maker'], ['decisions.decide', '田中 明', 'decision_maker'],
    ])
    expect(body.entries[0].after).toContain(number)
    const { text } = await as('suzuki').page(`/journal/${id}`)
    for (const words of ['証書を発行', '判定を記録', '田中 明', '判定待ち → 認証']) expect(text).toContain(words)
  })

  it('also shows operations that have no words yet', async () => {
    const id = await awaiting()
    await db.insert(journal).values({ actorId: idOf('suzuki'), actorRole: 'operator', operation: 'something.new', applicationId: id, after: { why: '理由', n: 1 } })
    const { text, status } = await as('suzuki').page(`/journal/${id}`)
    expect([status, text.includes('something.new'), text.includes('n: 1、why: 理由')]).toEqual([200, true, true])
  })

  it('comes page by page', async () => {
    const id = await awaiting()
    await db.insert(journal).values(Array.from({ length: 51 }, (_, nth) => ({ actorRole: 'clock', operation: `test.${nth}`, applicationId: id })))
    const first = (await as('suzuki').get(`/journal/${id}`)).body
    const second = (await as('suzuki').get(`/journal/${id}?before=${first.older}`)).body
    expect([first.entries.length, second.entries.map(({ operation }: { operation: string }) => operation), second.older]).toEqual([50, ['test.0'], null])
  })

  it.each(['yamada', 'tanaka', 'sato'] as const)('is not for %s', async who => {
    expect((await as(who).get(`/journal/${await awaiting()}`)).status).toBe(403)
  })

  it('of a case that is not there is not found', async () => {
    expect((await as('suzuki').get('/journal/0199a000-0000-7000-8000-000000000000')).status).toBe(404)
  })
})

import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { CastName } from '../../scripts/seed.ts'
import { sealedFilesOn } from './sealed-files.ts'
import type { stage as setStage } from './world.ts'

type Theatre = Awaited<ReturnType<typeof setStage>>

/** Refusals that Yamada appeals against, on the morning on which the stage was set. */
export function appealsOn(theatre: Theatre) {
  const { as, idOf, clock, world: { database: { sql } } } = theatre
  const { awaiting, decisionOn } = sealedFilesOn(theatre)
  const begun = clock.now
  // Yamada speaks for each new client of this file: one person, one employer at a time.
  const speaksFor = (applicationId: string) => sql`update memberships set employer_id = (select employer_id from applications where id = ${applicationId}) where person_id = ${idOf('yamada')}`

  async function refused({ by = 'tanaka', reasons = '割増賃金の不足が続いている。' }: { by?: CastName; reasons?: string } = {}) {
    clock.now = begun
    const id = await awaiting()
    await speaksFor(id)
    await as(by).post(`/applications/${id}/decision`, { ...await decisionOn(id, 'refuse'), reasons })
    return { id, href: (await as('yamada').get(`/applications/${id}/decision`)).body.outcome.appeal.href as string }
  }
  const file = (href: string, grounds = '賃金台帳の９月分を見ていない。') => as('yamada').post(href, { grounds, once: randomUUID() })
  async function handled(href: string, who: CastName = 'kobayashi') {
    const { body: { appealId } } = await file(href)
    const { status } = await as('suzuki').post(`/appeals/${appealId}/handler`, { personId: idOf(who), once: randomUUID() })
    expect(status).toBe(201)
    return appealId as string
  }
  const answer = (appealId: string, outcome: 'upheld' | 'rejected', who: CastName = 'kobayashi', more = {}) => as(who).post(`/appeals/${appealId}/decision`, { outcome, reasons: '９月分の台帳を確かめた。', once: randomUUID(), ...more })
  return { speaksFor, refused, file, handled, answer }
}

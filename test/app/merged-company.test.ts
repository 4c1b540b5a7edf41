import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// Issue 5, bad input: an employer merged mid-case. Its corporate number is closed and another one stands for it; the secretariat alone can write that down.
const theatre = await stage()
const { as, anybody, idOf, runJobs, world: { database: { sql } } } = theatre
const { awaiting, decisionOn, employerOf } = sealedFilesOn(theatre)
const submitted = '4012301000013', merged = '7000012050002'
const id = await awaiting({ employerId: await employerOf('yamada') })
const told = (who: 'nakamura' | 'ishii', number: string) => as(who).post('/ties', { corporateNumber: number, kind: 'family_tie', statement: '兄が勤めている。' })
const numbers = async () => (await sql`select e.corporate_number as now, a.scope->>'corporateNumber' as submitted from applications a join employers e on e.id = a.employer_id where a.id = ${id}`).map(row => ({ ...row }))

describe('a company that is merged while its case runs', () => {
  it('does not change its number by itself; once it is changed, the case keeps the one that was submitted', async () => {
    const { company } = (await as('yamada').get('/employer')).body
    expect([(await as('yamada').post('/employer', { ...company, corporateNumber: merged })).body.code, await numbers()]).toEqual(['corporate_number_kept', [{ now: submitted, submitted }]])
    await sql`update employers set corporate_number = ${merged}, name_ja = '山田新社株式会社' where id = (select employer_id from applications where id = ${id})`
    expect(await numbers()).toEqual([{ now: merged, submitted }])
  })

  it('shakes off no tie, to what it was or to what it has become', async () => {
    for (const [who, number] of [['nakamura', submitted], ['ishii', merged]] as const) {
      expect((await as(who).get(`/applications/${id}/decision`)).status).toBe(200)
      expect((await told(who, number)).status).toBe(201)
      expect([who, (await as(who).get(`/applications/${id}/decision`)).status, (await as(who).post(`/applications/${id}/decision`, await decisionOn(id))).status, (await as(who).get('/decisions')).text.includes(id)]).toEqual([who, 404, 404, false])
    }
    const signs = sql`insert into decision_signatures (id, application_id, dossier_sha256, reasons, signed_by) select ${randomUUID()}, application_id, sha256, 'r', ${idOf('nakamura')} from dossiers where application_id = ${id}`
    expect(await signs.then(() => 'went through', (error: { constraint_name?: string }) => error.constraint_name)).toBe('decider_has_no_tie')
  })

  it('breaks nothing: every page of the case opens, and it is decided and certified under the number that was assessed', async () => {
    for (const [who, page] of [['yamada', ''], ['suzuki', ''], ['suzuki', '/visit'], ['sato', '/assessment'], ['sato', '/findings'], ['tanaka', '/decision']] as const) expect([page, (await as(who).page(`/applications/${id}${page}`)).status]).toEqual([page, 200])
    const decided = await as('tanaka').post(`/applications/${id}/decision`, await decisionOn(id))
    await runJobs()
    const { body } = await anybody.get(`/c/${decided.body.certificateNumber}`)
    expect([decided.body.outcome, body.standing, body.holder.corporateNumber]).toEqual(['certify', 'certified', submitted])
  })
})

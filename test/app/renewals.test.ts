import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { png } from '../support/evidence-files.ts'
import { newDocumentKey } from '../../server/adapters/documents.ts'
import { asIfEarlier } from '../support/as-if.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// C15, C17: the holder applies for the next cycle before its certificate ends; answers and evidence come over with their age.
const theatre = await stage()
const { as, clock, runJobs, world } = theatre
const { sql } = world.database
const sealed = sealedFilesOn(theatre), { issued, employerOf } = sealed
const { number, id: earlier } = await issued({ employerId: await employerOf('yamada') })
const certificate = String((await sql`select id from certificates where number = ${number}`)[0]?.id)
const evidence = { id: randomUUID(), key: newDocumentKey() }
const { size, sha256 } = await world.documents.put(evidence.key, Readable.from([png]), { type: 'image/png' })
await asIfEarlier(sql, 'document_criteria', async () => {
  await sql`insert into documents (id, employer_id, application_id, purpose, key, name, size, sha256, type, scan, uploaded_by, uploaded_at) select ${evidence.id}, employer_id, id, 'evidence', ${evidence.key}, '就業規則.png', ${size}, ${sha256}, 'image/png', 'clean', ${theatre.idOf('yamada')}, '2026-11-10T01:02:03.456789Z' from applications where id = ${earlier}`
  await sql`insert into document_criteria (document_id, application_id, criterion, attached_by) values (${evidence.id}, ${earlier}, 'RE-01.1', ${theatre.idOf('yamada')})`
})
const renew = (who: 'yamada' | 'outsider' = 'yamada', id = certificate, once = randomUUID()) => as(who).post(`/employer/certificates/${id}/renewal`, { once })
const at = (day: string) => { clock.now = new Date(`${day}T01:00:00Z`) }
const own = async () => (await as('yamada').get('/employer/certificates')).body.certificates.find((one: { number: string }) => one.number === number).renewal

describe('a renewal', () => {
  it('opens six months before the end, for the holder alone, once', async () => {
    at('2029-05-22')
    expect([(await renew()).body.missing, await own()]).toEqual([['renewal_window'], { opensOn: '2029-05-23', open: false, applicationId: null }])
    at('2029-05-23')
    expect([(await own()).open, (await renew('outsider')).status]).toEqual([true, 404])
    const answers = await Promise.all([renew(), renew()])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    const opened = answers.find(({ status }) => status === 201)?.body
    expect(await own()).toEqual({ opensOn: '2029-05-23', open: false, applicationId: opened.id })
    const page = (await as('yamada').get(`/applications/${opened.id}`)).body
    expect([page.renews, page.head.stage, (await sql`select cycle from applications where id = ${opened.id}`)[0]?.cycle]).toEqual([number, 'draft', 2])
    expect((await sql`select operation from journal where application_id = ${opened.id}`).map(({ operation }) => operation)).toEqual(['renewals.open'])
    await sql`update applications set stage = 'withdrawn' where id = ${opened.id}`
  })

  it('carries answers and evidence over with their dates; what is older than a year counts no more until something new is there', async () => {
    const [link] = await sql`select criterion, document_id as id from document_criteria where application_id = ${earlier} limit 1`
    const [document] = link ? await sql`select sha256, uploaded_at as at from documents where id = ${link.id}` : []
    const before = (await sql`select (select count(*)::int from answers where application_id = ${earlier}) as answers, (select count(distinct document_id)::int from document_criteria where application_id = ${earlier}) as documents`)[0]
    expect([Number(before?.answers) > 10, Number(before?.documents) > 0]).toEqual([true, true])
    at('2029-06-01')
    const { body: opened } = await renew()
    expect(opened).toMatchObject({ answers: before?.answers, documents: before?.documents })
    const { body: page } = await as('yamada').get(`/applications/${opened.id}/answers/${link?.criterion}`)
    expect([page.carried, page.state, page.documents]).toEqual([expect.stringMatching(/^2026-11/), 'needs_document', expect.arrayContaining([expect.objectContaining({ sha256: document?.sha256, carried: true, tooOld: true, uploadedAt: expect.stringMatching(/^2026-11/) })])])
    expect((await as('yamada').get(page.documents[0] ? `/documents/${page.documents[0].id}` : '/x')).status).toBe(200)

    expect((await as('yamada').upload(`/applications/${opened.id}/evidence/${link?.criterion}`, { name: 'new.png', type: 'image/png', bytes: png })).status).toBeLessThan(300)
    await runJobs()
    expect((await as('yamada').get(`/applications/${opened.id}/answers/${link?.criterion}`)).body.state).toBe('complete')
    expect((await as('yamada').page(`/applications/${opened.id}/answers/${link?.criterion}`)).text).toMatch(/2026年11月24日の回答を引き継いでいます[\s\S]*1年より古い/)
    expect((await sql`select count(*)::int as n from answers where application_id = ${earlier}`)[0]?.n).toBe(before?.answers) // the earlier case is as it was
  })
})

describe('the next cycle', () => {
  it('shows the assessor how old each carried document is and which shows nothing any more, and ends in a certificate of its own, linked with the one before', async () => {
    const { applicationId: draft } = await own()
    await sealed.awaiting({ employerId: await employerOf('yamada'), draft })
    const bench = await as('sato').get(`/applications/${draft}/assessment/RE-01.1`)
    expect(bench.body.documents.map(({ name, carried, monthsOld, tooOld }: Record<string, unknown>) => [name, carried, monthsOld, tooOld])).toContainEqual(['就業規則.png', true, 30, true])
    const page = (await as('sato').page(`/applications/${draft}/assessment/RE-01.1`)).text
    expect([page.includes('申請した日に30か月前のもの'), page.includes('1年より古い'), (await as('sato').page(`/applications/${draft}/assessment/RE-01.1`, 'en')).text.includes('30 months old on the day of applying')]).toEqual([true, true, true])
    const decided = await as('nakamura').post(`/applications/${draft}/decision`, await sealed.decisionOn(draft))
    await runJobs()
    const next = decided.body.certificateNumber as string
    expect([decided.body.outcome, next.startsWith(number.slice(0, -3)), next.at(-3)]).toEqual(['certify', true, '2'])
    const linked = async (one: string) => (await theatre.anybody.get(`/c/${one}`)).body.otherCycles
    expect([await linked(number), await linked(next), (await as('yamada').get(`/applications/${draft}`)).body.renews]).toEqual([[next], [number], number])
    expect((await theatre.anybody.page(`/c/${number}`)).text).toContain(`/c/${next}`)
  })
})

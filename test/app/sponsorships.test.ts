import { randomUUID } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { buyerMembers } from '../../schema/buyers.ts'
import { documents } from '../../schema/documents.ts'
import { findings } from '../../schema/findings.ts'
import { journal } from '../../schema/journal.ts'
import { newId } from '../../schema/shared.ts'
import { ratings } from '../../schema/assessments.ts'
import { interviews } from '../../schema/visits.ts'
import { casesOn } from '../support/cases.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { supplyOn } from '../support/supply.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, as, idOf, world: { database: { db, sql } } } = theatre
const { sponsored, supplierOf, invited, accepted, buyerOf } = supplyOn(theatre)
const { caseIn, assigned, employerOf } = casesOn(theatre)
const { issued } = sealedFilesOn(theatre)
const once = () => ({ once: randomUUID() })
const statusOf = async (id: string) => (await as('minato').get(`/sponsorships/${id}`)).body
const keys = ['answeredAt', 'certificate', 'decidedOn', 'endedAt', 'endedBy', 'id', 'offeredAt', 'state', 'step', 'submittedOn', 'supplier', 'supplierId', 'terms']

let sponsorshipId = '', supplierId = '', applicationId = ''
beforeAll(async () => {
  ({ sponsorshipId, supplierId } = await sponsored())
  applicationId = (await issued({ employerId: await employerOf('yamada') })).id
  await db.insert(journal).values({ actorRole: 'assessor', operation: 'test.secret', applicationId, after: { secret: '寮の話' } })
})

describe('what a sponsor sees', () => {
  it('is a step, three dates and the certificate: exactly these keys', async () => {
    const status = await statusOf(sponsorshipId)
    expect(Object.keys(status).sort()).toEqual(keys)
    expect(status).toMatchObject({ state: 'used', step: 'certified', submittedOn: '2026-11-24', decidedOn: '2026-11-24', certificate: expect.stringMatching(/^RE-JP-2026-/), terms: '審査費用の全額', endedAt: null })
    expect((await as('minato').get('/sponsorships')).body.sponsorships.map((one: object) => Object.keys(one).sort())).toEqual([keys])
  })

  it('holds nothing of the case, although all of it is there to leak', async () => {
    const there = await Promise.all([db.$count(ratings, eq(ratings.applicationId, applicationId)), db.$count(interviews, eq(interviews.applicationId, applicationId)), db.$count(journal, eq(journal.applicationId, applicationId))])
    expect(there.map(count => count > 3)).toEqual([true, true, true])
    const documentId = newId()
    await sql`insert into documents (id, employer_id, application_id, purpose, key, name, size, sha256, type, scan, uploaded_by) select ${documentId}, employer_id, id, 'evidence', ${'k'.repeat(28)}, '賃金台帳.pdf', 1, ${'a'.repeat(64)}, 'application/pdf', 'clean', ${idOf('yamada')} from applications where id = ${applicationId}`
    expect([(await as('yamada').get(`/applications/${applicationId}`)).status, await db.$count(documents, and(eq(documents.id, documentId), eq(documents.scan, 'clean')))]).toEqual([200, 1])
    const secrets = [applicationId, '佐藤', '寮の門限', '寮の話', '賃金台帳', '毎月、記録', 'A-01', '記録と現地審査', await employerOf('yamada'), idOf('sato'), idOf('tanaka')]
    for (const path of [`/sponsorships/${sponsorshipId}`, '/sponsorships', `/suppliers/${supplierId}/invitation`, '/invitations', '/audit-summaries']) {
      const told = [(await as('minato').get(path)), (await as('minato').page(path))]
      expect([path, told.map(({ status }) => status), secrets.filter(secret => told.some(({ text }) => text.includes(secret)))]).toEqual([path, [200, 200], []])
    }
    expect((await as('minato').get(`/documents/${documentId}`)).status).toBe(403)
  })

  const filled = (url: string, id: string) => url.replaceAll(/:(criterion)\b/g, 'RE-01.1').replaceAll(/:section\b/g, 'S01').replaceAll(/:kind\b/g, 'code_of_conduct').replaceAll(/:number\b/g, 'RE-JP-2027-000001-1-A').replaceAll(/:file\b/g, 'pdf').replaceAll(/:\w+/g, id)
  const routes = app.routeTable.filter(({ method, url }) => (method === 'GET' || method === 'POST') && /:(id|application|document|finding)/.test(url) && !url.startsWith('/sign-in'))

  it('is the only door: the id of the application opens none of the others', { timeout: 60_000 }, async () => {
    expect(routes.length).toBeGreaterThan(40)
    const opened: string[] = []
    for (const { method, url } of routes) {
      for (const id of [applicationId, await employerOf('yamada')]) {
        const { status } = method === 'GET' ? await as('minato').get(filled(url, id)) : await as('minato').post(filled(url, id), once())
        if (status !== 403 && status !== 404 && !(method === 'POST' && status === 422 && /^\/(suppliers|c|watchlist|lists)\b/.test(url))) opened.push(`${method} ${url} ${status}`)
      }
    }
    expect(opened).toEqual([])
  })

  it('is nothing for another buyer, the supplier’s neighbour or staff', async () => {
    expect([(await as('hoshi').get(`/sponsorships/${sponsorshipId}`)).status, (await as('outsider').get(`/sponsorships/${sponsorshipId}`)).status, (await as('suzuki').get(`/sponsorships/${sponsorshipId}`)).status, (await as('hoshi').get('/sponsorships')).body]).toEqual([404, 403, 403, { sponsorships: [] }])
  })

  it.each([['ja', '認証', '審査費用の全額'], ['en', 'Certified', 'Paying for the assessment']])('reads in %s', async (lang, ...words) => {
    const { text } = await as('minato').page(`/sponsorships/${sponsorshipId}`, lang)
    for (const word of words) expect(text).toContain(word)
  })
})

describe('an offer', () => {
  async function offeredTo(who: 'outsider', terms = '半額'): Promise<{ id: string; supplierId: string }> {
    const supplier = await supplierOf('minato', { name: '森食品株式会社' })
    await accepted(await invited('minato', supplier), who)
    const { status, body } = await as('minato').post(`/suppliers/${supplier}/sponsorship`, { terms, ...once() })
    expect(status).toBe(201)
    return { id: body.id, supplierId: supplier }
  }

  it('is answered by the employer alone, once, and ended by either side before it is used', async () => {
    const { id } = await offeredTo('outsider')
    expect((await as('yamada').post(`/employer/sponsorships/${id}/acceptance`, once())).status).toBe(404)
    expect((await as('outsider').post(`/employer/sponsorships/${id}/acceptance`, once())).status).toBe(201)
    expect((await as('outsider').post(`/employer/sponsorships/${id}/refusal`, once())).body.code).toBe('no_such_step')
    expect(await statusOf(id)).toMatchObject({ state: 'accepted', step: 'preparing', submittedOn: null })
    expect((await as('hoshi').post(`/sponsorships/${id}/ending`, once())).status).toBe(404)
    expect((await as('outsider').post(`/employer/sponsorships/${id}/ending`, once())).status).toBe(201)
    expect(await statusOf(id)).toMatchObject({ state: 'ended', endedBy: 'employer', step: null, certificate: null })
    expect((await as('minato').post(`/sponsorships/${id}/ending`, once())).body.code).toBe('sponsorship_used')
  })

  it('shows nothing of an application after it was declined', async () => {
    const { id } = await offeredTo('outsider')
    await as('outsider').post(`/employer/sponsorships/${id}/refusal`, once())
    expect(await statusOf(id)).toMatchObject({ state: 'declined', step: null })
  })

  it('is one at a time, needs an invitation that stands, and carries no link', async () => {
    const { supplierId } = await offeredTo('outsider'), alone = await supplierOf('minato')
    const codes = await Promise.all([[supplierId, 'また'], [alone, '全額']].map(async ([supplier, terms]) => (await as('minato').post(`/suppliers/${supplier}/sponsorship`, { terms, ...once() })).body.code))
    expect([codes, (await as('minato').post(`/suppliers/${supplierId}/sponsorship`, { terms: 'https://pay.example', ...once() })).status]).toEqual([['already_exists', 'no_such_step'], 422])
  })

  it('once used, stands: no side ends it', async () => {
    const mine = (await as('yamada').get('/employer/buyers')).body.sponsorships[0]
    expect([mine.state, mine.mayEnd, (await as('minato').post(`/sponsorships/${sponsorshipId}/ending`, once())).body.code, (await as('yamada').post(`/employer/sponsorships/${sponsorshipId}/ending`, once())).body.code]).toEqual(['used', false, 'sponsorship_used', 'sponsorship_used'])
  })

  it('goes with the open application, told as coarsely: questions and corrections look like assessing', async () => {
    const { id } = await offeredTo('outsider')
    await as('outsider').post(`/employer/sponsorships/${id}/acceptance`, once())
    const application = await caseIn('clarifying', 'outsider')
    await sql`insert into findings (id, application_id, criterion, criterion_version, grade, statement, raised_by) values (${randomUUID()}, ${application}, 'RE-01.1', '1', 'minor', '秘密の指摘', ${idOf('sato')})`
    expect(await db.$count(findings, eq(findings.applicationId, application))).toBe(1)
    const status = await statusOf(id)
    expect([status.state, status.step, JSON.stringify(status).includes('秘密')]).toEqual(['used', 'assessing', false])
  })
})

describe('a sponsor’s people', () => {
  it('are neither put on the case nor let decide, and what was tried is on record', async () => {
    await sql.unsafe('alter table buyer_members disable trigger staff_belong_to_no_buyer, disable trigger whoever_is_a_member_has_said_yes') // those promises rest, so that the one behind them is seen to hold by itself
    const application = await caseIn('accepted', 'outsider', await secondEmployer())
    await sql`insert into sponsorships (id, buyer_id, invitation_id, terms, offered_by) select ${randomUUID()}, buyer_id, id, 't', ${idOf('minato')} from invitations where employer_id = (select employer_id from applications where id = ${application})`
    await sql`update sponsorships set answer = 'accepted', answered_at = now(), answered_by = ${idOf('yamada')}, employer_id = (select employer_id from applications where id = ${application}) where answer is null and terms = 't'`
    await db.insert(buyerMembers).values({ personId: idOf('lee'), buyerId: await buyerOf('minato') })
    const refused = await as('suzuki').post(`/applications/${application}/assignments`, { personId: idOf('lee'), part: 'assessor', ...once() })
    expect([refused.status, refused.body.code]).toEqual([403, 'has_interest'])
    expect(await db.$count(journal, and(eq(journal.operation, 'assignments.assign.refused'), eq(journal.applicationId, application)))).toBe(1)
    await assigned(application, 'sato')
    const [parts] = await sql`select parts_taken(${application}, ${idOf('lee')}) as lee, parts_taken(${application}, ${idOf('sato')}) as sato`
    expect(parts).toEqual({ lee: ['sponsor'], sato: ['desk_reviewer'] })
  })

  it('cannot pay when one of them assesses already', async () => {
    const employerId = await secondEmployer()
    const application = await caseIn('desk_review', 'outsider', employerId)
    await db.delete(buyerMembers).where(eq(buyerMembers.personId, idOf('lee')))
    await db.insert(buyerMembers).values({ personId: idOf('lee'), buyerId: await buyerOf('hoshi') })
    await assigned(application, 'lee')
    const supplier = await supplierOf('hoshi')
    await sql`update memberships set employer_id = ${employerId} where person_id = ${idOf('outsider')}`
    await accepted(await invited('hoshi', supplier, { terms: '全額' }), 'outsider')
    const [offer] = (await as('outsider').get('/employer/buyers')).body.sponsorships
    expect((await as('outsider').post(`/employer/sponsorships/${offer.id}/acceptance`, once())).body.code).toBe('sponsor_not_independent')
    expect((await as('hoshi').get(`/sponsorships/${offer.id}`)).body).toMatchObject({ state: 'offered', step: null })
  })

  async function secondEmployer(): Promise<string> {
    const id = newId()
    await sql`insert into employers (id, name_ja, name_kana, name_latin, prefecture, address_ja, industry, workers) values (${id}, '第二食品', 'ダイニ', 'Second', '愛知県', 'x', 'food', 20)`
    await sql`insert into employer_sites (id, employer_id, kind, name_ja, address_ja, people) values (${randomUUID()}, ${id}, 'workplace', 'x', 'x', 20)`
    await sql`insert into employer_populations (id, employer_id, nationality, residence_status, people) values (${randomUUID()}, ${id}, 'VN', 'specified_skilled_1', 6)`
    await sql`insert into invitations (id, buyer_id, supplier_id, to_email, locale, token_hash, sent_by, expires_at, answer, answered_at, answered_by, employer_id)
      values (${randomUUID()}, ${await buyerOf('minato')}, ${await supplierOf('minato')}, 'x@x.example', 'ja', ${randomUUID().replaceAll('-', '').repeat(2)}, ${idOf('minato')}, now(), 'accepted', now(), ${idOf('yamada')}, ${id})`
    return id
  }
})

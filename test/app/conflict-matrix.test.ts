import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { StaffRole } from '../../server/domain/roles.ts'
import { remindOfRemedies } from '../../server/oversight/remind.ts'
import { casesOn } from '../support/cases.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage, type Answer } from '../support/world.ts'

// Issue 5, done when 3: route × role × conflict. Somebody tied to a client meets none of its cases: in no list, count, search, feed or mail, and by no address; a case that is not
// there and one that does not exist look alike. The same people, before they told of their tie, show that the cases are there to be met.
const theatre = await stage()
const { app, as, anybody, clock, idOf, mails, runJobs, world } = theatre
const { sql } = world.database, begun = clock.now
const { caseIn, assigned, anotherEmployer } = casesOn(theatre)
const { awaiting, issued } = sealedFilesOn(theatre)

const marker = '秘密工業', latin = 'Himitsu'
const staff: Record<StaffRole, 'suzuki' | 'sato' | 'tanaka' | 'ito'> = { operator: 'suzuki', assessor: 'sato', decision_maker: 'tanaka', committee_member: 'ito' }
const everyRole = Object.entries(staff) as [StaffRole, (typeof staff)[StaffRole]][]
const earlyStages = ['submitted', 'accepted', 'desk_review', 'clarifying', 'visit_planned', 'correcting'] as const
const cases: string[] = [], numbers: string[] = []
let certificate = '', report = '', document = '', finding = '', certified = '', change = '', appeal = '', complaint = '', ours = ''

async function client(): Promise<string> {
  const employer = await anotherEmployer(`${marker}${cases.length}`), number = `${7000000000000 + cases.length}`
  await sql`update employers set corporate_number = ${number}, name_latin = ${latin} where id = ${employer}`
  numbers.push(number)
  return employer
}

async function complained(about: string, target = 'employer'): Promise<string> {
  const { body: { reference } } = await anybody.post('/complaints', { target, about, account: '寮の非常口', once: randomUUID() })
  return String((await sql`select id from complaints where reference = ${reference}`)[0]?.id)
}

beforeAll(async () => {
  for (const at of earlyStages) {
    const id = await caseIn(at, 'yamada', await client())
    cases.push(id)
    if (at !== 'submitted') await assigned(id, 'sato', { declared: at !== 'accepted' })
    if (at === 'visit_planned') await sql`insert into visits (id, application_id, starts_on, ends_on, site_ids, person_days, interviews_planned, calculation, planned_by) values (${randomUUID()}, ${id}, '2026-12-01', '2026-12-02', array[${randomUUID()}::uuid], 1, 4, '{}', ${idOf('lee')})`
    if (at === 'correcting') finding = (await sql`insert into findings (id, application_id, criterion, criterion_version, grade, statement, raised_by) values (${randomUUID()}, ${id}, 'RE-01.1', '1', 'major', 's', ${idOf('lee')}) returning id`)[0]?.id
  }
  document = (await sql`insert into documents (id, employer_id, application_id, purpose, key, name, size, sha256, type, uploaded_by) select ${randomUUID()}, employer_id, id, 'evidence', ${randomUUID()}, 'x.pdf', 3, ${'a'.repeat(64)}, 'application/pdf', ${idOf('yamada')} from applications where id = ${cases[2] ?? ''} returning id`)[0]?.id
  cases.push(await awaiting({ employerId: await client() }))
  const done = await issued({ employerId: await client() })
  certified = done.id
  cases.push(certified)
  certificate = (await sql`select id from certificates where number = ${done.number}`)[0]?.id
  report = (await sql`insert into misuse_reports (id, reference, number, certificate_id, kind, seen_where, account) values (${randomUUID()}, 'M-0000-0000-0001', ${done.number}, ${certificate}, 'altered_document', 'x', '見た') returning id`)[0]?.id
  await sql`insert into certificate_events (id, certificate_id, event, reason_class, happened_on, actor, at) values (${randomUUID()}, ${certificate}, 'suspended', 'overdue', '2026-11-24', 'clock', '2026-11-24')`
  const [own] = await sql`select employer_id from memberships where person_id = ${idOf('yamada')}`
  await sql`update memberships set employer_id = (select employer_id from applications where id = ${certified}) where person_id = ${idOf('yamada')}` // the client alone appeals
  appeal = (await sql`insert into appeals (id, application_id, certificate_event_id, grounds, filed_by, filed_at) select ${randomUUID()}, ${certified}, id, '理由', ${idOf('yamada')}, '2026-11-24' from certificate_events where certificate_id = ${certificate} and event = 'suspended' returning id`)[0]?.id
  await sql`update memberships set employer_id = ${own?.employer_id} where person_id = ${idOf('yamada')}`
  complaint = await complained(done.number)
  ours = await complained('', 'scheme')
  await sql`insert into surveillance_visits (id, certificate_id, kind, planned_on, assignment_id, planned_by) select ${randomUUID()}, ${certificate}, 'unannounced', '2027-06-10', s.id, ${idOf('suzuki')} from assignments s where s.application_id = ${certified} and s.part = 'assessor' and s.person_id = ${idOf('sato')}`
  await sql`alter table change_reports disable trigger change_is_the_holders` // the client has no members here
  change = (await sql`insert into change_reports (id, certificate_id, kind, happened_on, account, review_by, reported_by) values (${randomUUID()}, ${certificate}, 'site', '2026-11-20', '移転', '2099-01-01', ${idOf('yamada')}) returning id`)[0]?.id
}, 120_000)

// Bodies that pass the door, so that the case itself is what the answer is about.
const bodies: Record<string, () => object> = {
  'screenings.screen': () => ({ outcome: 'accept', version: 1 }), 'assignments.assign': () => ({ personId: idOf('lee'), part: 'assessor' }), 'assignments.end': () => ({}), 'objections.answer': () => ({ outcome: 'upheld', reasons: '理由' }),
  'interests.declare': () => ({ employed: 'no', paid: 'no', advised: 'no', trained: 'no', family_tie: 'no', financial_tie: 'no' }), 'assessments.rate': () => ({ rating: 'conforms' }), 'clarifications.draft': () => ({ criterion: 'RE-01.1', question: '？' }),
  'clarifications.send': () => ({ version: 3 }), 'visits.close': () => ({ version: 4 }), 'visits.reopen': () => ({ reasons: '理由', version: 5 }), 'visits.note': () => ({ criterion: 'RE-01.1', note: '記録' }), 'findings.raise': () => ({ criterion: 'RE-01.1', grade: 'minor', statement: '指摘' }),
  'findings.take_step': () => ({ step: 'alert', words: '受けた' }), 'findings.close': () => ({ outcome: 'closed', reasons: '理由', reviewId: randomUUID() }), 'findings.review': () => ({ outcome: 'verified', responseId: randomUUID() }), 'recommendations.write': () => ({ outcome: 'certify', summary: '理由', version: 5 }), 'decisions.decide': () => ({ outcome: 'refuse', reasons: '理由', version: 6, dossierSha256: '0'.repeat(64) }),
  'changes.review': () => ({ outcome: 'no_effect', reasons: '理由' }), 'surveillance.plan': () => ({ kind: 'announced', plannedOn: '2027-10-20', personId: idOf('lee'), justification: '理由' }), 'surveillance.held': () => ({ onDay: '2026-11-24', result: 'conforms', summary: '理由' }), 'surveillance.call_off': () => ({ summary: '理由' }),
  'visits.begin': () => ({ version: 3 }), 'draws.draw': () => ({ nationality_1: 'VN', programme_1: 'student', shift_1: 'day', sex_1: 'male', dormitory_1: 'elsewhere', people_1: '3' }),
  'appointments.propose': () => ({ startsOn: '2026-12-08', endsOn: '2026-12-08' }), 'appointments.answer': () => ({ proposalId: randomUUID(), outcome: 'agreed' }),
  'meetings.keep': () => ({ kind: 'opening', heldOn: '2026-11-24', heldTime: '09:00', who_employer: '社長', who_assessor: '審査員' }),
  'appeals.hand_over': () => ({ personId: idOf('kobayashi') }), 'appeals.decide': () => ({ outcome: 'rejected', reasons: '理由' }), 'complaints.step': () => ({ step: 'acknowledged', text: '受けた' }),
  'standing_decisions.decide': () => ({ change: 'reinstated', reasons: '理由', version: 2 }), 'misuse_reports.step': () => ({ step: 'taken_up' }), 'applications.step': () => ({ action: 'withdraw', version: 1, confirmed: 'yes' }),
}
const ofOneCase = app.routeTable.filter(({ method, url, may }) => (method === 'GET' || method === 'POST') && may !== 'anyone' && may !== 'signed_in' && /^\/(applications|journal|certificates|documents|findings|changes|misuse-reports|appeals|complaint-cases)\/:/.test(url))
const lists = app.routeTable.filter(({ method, url, may }) => method === 'GET' && may !== 'anyone' && !url.includes(':') && !/xlsx|calendar/.test(url))
const searches = ['/standings?q=%E7%A7%98%E5%AF%86', '/standings?q=Himi', '/pipeline?stage=submitted', '/pipeline?stage=desk_review', '/impartiality?before=999999']

/** The addresses of a route: of every case, or of the one thing that it is about. */
const idsFor = (url: string) => {
  const own: Record<string, string> = { certificates: certificate, documents: document, findings: finding, changes: change, 'misuse-reports': report, appeals: appeal, 'complaint-cases': complaint }, id = own[url.split('/')[1] ?? '']
  return id === undefined ? cases : [id]
}
const filled = (url: string, id: string) => url.replace(/:(id|application|finding|document)\b/, id).replace(':criterion', 'RE-01.1').replaceAll(/:\w+/g, randomUUID())
const told = ({ status, body, text }: Answer) => `${status} ${body?.code ?? ''} ${text.includes(marker) || text.includes(latin)}`
const ask = async (who: (typeof staff)[StaffRole], { method, url, operation }: (typeof ofOneCase)[number], id: string) =>
  told(method === 'GET' ? await as(who).get(filled(url, id)) : await as(who).post(filled(url, id), bodies[operation]?.() ?? {}))
const leaksOf = async (who: (typeof staff)[StaffRole]) => {
  const seen = []
  for (const path of [...lists.map(({ url }) => url), ...searches]) {
    for (const { text } of [await as(who).get(path), await as(who).page(path)]) if ([marker, latin, ...cases, appeal, complaint].some(trace => text.includes(trace))) seen.push(path)
  }
  return [...new Set(seen)]
}
const feedOf = async (who: (typeof staff)[StaffRole]) => {
  const { body } = await as(who).post('/calendar')
  return (await anybody.get(new URL(body.url).pathname)).text.replaceAll('\r\n ', '')
}
const countsOf = async () => {
  const [pipeline, reports, impartiality] = [(await as('suzuki').get('/pipeline')).body, (await as('suzuki').get('/misuse-reports')).body, (await as('ito').get('/impartiality')).body]
  const [{ appeals }, complaints] = [(await as('suzuki').get('/appeals')).body, (await as('suzuki').get('/complaint-cases')).body]
  return { pipeline: [pipeline.all, pipeline.waiting, pipeline.overdue], reports: reports.open, appeals: appeals.length, complaints: [complaints.complaints.length, complaints.open], stages: impartiality.stages.length, deciders: impartiality.deciders.length, sampling: impartiality.sampling.length }
}
const mailed = async () => {
  mails.length = 0
  await sql`delete from mails`
  const number = String((await sql`select number from certificates where id = ${certificate}`)[0]?.number)
  await complained(number)
  clock.now = new Date(begun.getTime() + 61 * 86_400_000)
  await remindOfRemedies(world)
  clock.now = begun
  await anybody.post(`/c/${number}/report`, { kind: 'altered_document', seenWhere: 'https://x.example', account: '見た', once: randomUUID() })
  await runJobs()
  const told = mails.filter(({ to }) => to.includes('suzuki')), ofOurs = told.filter(({ text }) => text.includes(ours))
  return [told.length - ofOurs.length, ofOurs.length]
}

describe('without a tie', () => {
  it('every role meets the cases, so the matrix below is about something', { timeout: 120_000 }, async () => {
    expect(Object.fromEntries(await Promise.all(everyRole.map(async ([role, who]) => [role, (await leaksOf(who)).sort()] as const)))).toEqual({
      operator: ['/appeals', '/changes', '/complaint-cases', '/misuse-reports', '/pipeline', '/pipeline?stage=desk_review', '/pipeline?stage=submitted', '/surveillance'], assessor: ['/assessments', '/surveillance'],
      decision_maker: ['/decisions', '/standings', '/standings?q=%E7%A7%98%E5%AF%86', '/standings?q=Himi'], committee_member: ['/impartiality', '/impartiality?before=999999'],
    })
    expect([(await feedOf('suzuki')).includes(marker), (await feedOf('sato')).includes(marker), (await feedOf('tanaka')).includes(marker), await mailed()]).toEqual([true, true, true, [5, 1]]) // a report, a complaint, and the reminders: of the appeal, of both complaints, and of the one against us
    expect(await countsOf()).toMatchObject({ pipeline: [8, 1, 0], appeals: 1, complaints: [3, 3], deciders: 1 })
    for (const [role, who] of everyRole.filter(([role]) => role !== 'committee_member')) expect((await Promise.all(cases.map(id => as(who).get(`/applications/${id}`)))).some(({ status }) => status === 200), role).toBe(true)
  })
})

describe('with a tie', () => {
  beforeAll(async () => {
    for (const [, who] of everyRole) for (const number of numbers) expect((await sql`insert into recorded_ties (id, person_id, corporate_number, kind, statement, recorded_by, recorded_at) values (${randomUUID()}, ${idOf(who)}, ${number}, 'family_tie', '兄', ${idOf(who)}, '2023-12-31') returning id`).length).toBe(1)
  })

  it('knows the routes', () => expect([ofOneCase.length > 45, lists.length > 20]).toEqual([true, true]))

  it.each(everyRole)('%s: no list, search or page of their own names a client or a case', { timeout: 60_000 }, async (_, who) => expect(await leaksOf(who)).toEqual([]))

  it('no count contains them', async () => expect(await countsOf()).toEqual({ pipeline: [0, 0, 0], reports: 0, appeals: 0, complaints: [1, 1], stages: 0, deciders: 0, sampling: 0 }))

  it.each(everyRole)('%s: no calendar tells of them', async (_, who) => {
    const feed = await feedOf(who)
    expect([feed.includes('BEGIN:VCALENDAR'), feed.includes(marker), cases.filter(id => feed.includes(id))]).toEqual([true, false, []])
  })

  it('no mail goes to them, but of a complaint against us', async () => expect([await mailed(), (await as('suzuki').get(`/complaint-cases/${ours}`)).status]).toEqual([[0, 1], 200]))

  it.each(ofOneCase.map(route => [`${route.method} ${route.url}`, route] as const))('%s answers as for a case that does not exist', { timeout: 60_000 }, async (_, route) => {
    const differing = []
    for (const [role, who] of everyRole) {
      const nothing = await ask(who, route, randomUUID())
      for (const id of idsFor(route.url)) if (await ask(who, route, id) !== nothing) differing.push([role, id, await ask(who, route, id), nothing])
    }
    expect(differing).toEqual([])
  })

  it('every attempt is on record, and the committee reads of those that are none of its own', async () => {
    const [tried] = await sql`select count(distinct actor_id)::int as people from journal where operation = 'applications.open.refused' and application_id in ${sql(cases)}`
    expect(tried?.people).toBe(3) // the committee has no door to any case
    await sql`update recorded_ties set ended_on = '2024-01-01' where person_id = ${idOf('ito')}`
    const { body, text } = await as('ito').get('/impartiality')
    expect([body.refusals.length, body.refusals.every(({ operation, reason, employer }: { operation: string; reason: string; employer: { nameJa: string } | null }) => reason === 'has_interest' && (operation === 'complaints.step.refused' ? employer === null : employer?.nameJa.startsWith(marker)))]).toEqual([50, true])
    expect([/sponsor|payment|fee|price/i.test(text), (await as('ito').page(`/impartiality?before=${body.older}`)).text.includes('利害関係がある')]).toEqual([false, true])
  })
})

import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import { recommendations } from '../../schema/decisions.ts'
import { ratings, type ratingValues } from '../../schema/assessments.ts'
import { interviews, visits } from '../../schema/visits.ts'
import { criteriaFor } from '../../server/applications/criteria.ts'
import { dueFor } from '../../server/domain/deadlines.ts'
import { scopeOf } from '../../server/employers/queries.ts'
import { standardById } from '../../server/standard/queries.ts'
import { calculate } from '../../server/visits/calculation.ts'
import { casesOn } from './cases.ts'
import type { stage as setStage } from './world.ts'

type Theatre = Awaited<ReturnType<typeof setStage>>
type How = { employerId?: string; nameJa?: string; rated?: Record<string, (typeof ratingValues)[number]>; fees?: 'no_fees' | 'undisclosed_or_unplanned'; exclusions?: string; agreed?: number; draft?: string; unrated?: string[]; before?: (id: string) => Promise<unknown> }

/** Cases that Sato has assessed and recommended: all that is missing is the decision. */
export function sealedFilesOn(theatre: Theatre) {
  const { world: { database: { db, sql } }, clock, idOf, as, runJobs } = theatre
  const { caseIn, walk, assigned, anotherEmployer, employerOf, stageOf } = casesOn(theatre)

  async function awaiting({ employerId, nameJa = '髙橋プレス株式会社', rated = {}, fees = 'no_fees', exclusions = '', agreed = 4, draft, unrated = [], before }: How = {}): Promise<string> {
    const employer = employerId ?? await anotherEmployer(nameJa)
    const scope = await scopeOf(db, employer), id = draft ?? await caseIn('correcting', 'yamada', employer)
    if (draft) await walk(draft, 'correcting', { scope }) // `draft`: a case that the employer has opened already
    await assigned(id, 'sato')
    const criteria = await criteriaFor(db, { employerId: employer, standardId: 're-0.1.0', stage: 'submitted', scope, submittedAt: clock.now }, clock.now)
    await db.insert(ratings).values(criteria.filter(({ id }) => !unrated.includes(id)).map(({ id: criterion }) => ({ applicationId: id, criterion, rating: rated[criterion] ?? 'conforms' as const, ratedBy: idOf('sato'), ratedAt: clock.now })))
    const siteIds = scope.sites.map(site => site.id)
    const calculation = calculate(scope, await standardById(db, 're-0.1.0'), { siteIds, interpreterLanguages: 1, nightShift: false, cycle: 1 })
    await db.insert(visits).values({
      applicationId: id, startsOn: '2026-11-19', endsOn: '2026-11-20', heldOn: '2026-11-20', siteIds, team: '佐藤 誠', personDays: 1.5, interviewsPlanned: 4, calculation: { ...calculation, sample: { ...calculation.sample, total: 4 } },
      workersInvited: scope.foreignWorkers, workersAgreed: agreed, fees, openingMeeting: '社長と班長が出席', closingMeeting: '結果を伝えた', plannedBy: idOf('sato'), plannedAt: clock.now, recordedAt: clock.now,
    })
    for (const code of ['A-01', 'A-02', 'A-03', 'A-04']) {
      await db.insert(interviews).values({ applicationId: id, code, form: 'single', people: 1, language: 'vi', minutes: 30, notes: '寮の門限の話', heldOn: '2026-11-20', writtenBy: idOf('sato'), writtenAt: clock.now })
    }
    await db.insert(recommendations).values({ applicationId: id, outcome: 'certify', summary: '基準に適合していると考えます。', exclusions, writtenBy: idOf('sato'), writtenAt: clock.now })
    await before?.(id) // what else is there when it is sealed
    await db.update(applications).set({ stage: 'awaiting_decision', stageSince: clock.now, dueAt: dueFor('awaiting_decision', clock.now), version: 6 }).where(eq(applications.id, id))
    return id
  }

  /** A second person, of no other part in any play, has signed for the certificate: whoever certifies now decides. */
  async function signed(id: string): Promise<void> {
    const [{ id: signedBy } = { id: '' }] = await sql<{ id: string }[]>`insert into people (id, name, email) values (${randomUUID()}, '平野 渉', 'hirano@akashi.example') on conflict (lower(email)) do update set name = excluded.name returning id`
    await sql`insert into decision_signatures (id, application_id, dossier_sha256, reasons, signed_by, signed_at) select ${randomUUID()}, application_id, sha256, '記録により確認した。', ${signedBy}, ${clock.now.toISOString()}
      from dossiers where application_id = ${id} and exists (select from applications where id = ${id} and stage = 'awaiting_decision') on conflict do nothing`
  }

  /** The hash of the file that a decider has before them; of nothing when none is sealed. */
  const fileOf = async (id: string): Promise<string> => (await sql<{ sha256: string }[]>`select sha256 from dossiers where application_id = ${id}`)[0]?.sha256 ?? '0'.repeat(64)

  async function decisionOn(id: string, outcome: 'certify' | 'refuse' = 'certify') {
    if (outcome === 'certify') await signed(id)
    return { outcome, reasons: '記録と現地審査の結果にもとづく。', version: (await stageOf(id))?.version ?? 0, dossierSha256: await fileOf(id), once: randomUUID() }
  }

  /** Decided by Tanaka, job done: a certificate on the register. */
  async function issued(how: How = {}): Promise<{ id: string; number: string }> {
    const id = await awaiting(how)
    const { body, status } = await as('tanaka').post(`/applications/${id}/decision`, await decisionOn(id))
    if (status !== 201) throw new Error(`not certified: ${JSON.stringify(body)}`)
    await runJobs()
    return { id, number: body.certificateNumber }
  }

  return { awaiting, signed, fileOf, decisionOn, issued, stageOf, employerOf, anotherEmployer }
}

import { and, eq, notInArray, sql } from 'drizzle-orm'
import { applications } from '../../schema/applications.ts'
import { ratings, type ratingValues } from '../../schema/assessments.ts'
import { decisions } from '../../schema/decisions.ts'
import { visits } from '../../schema/visits.ts'
import { findCase } from '../../server/applications/case.ts'
import { criteriaFor } from '../../server/applications/criteria.ts'
import { dueFor } from '../../server/domain/deadlines.ts'
import { endStages, type Stage } from '../../server/domain/lifecycle.ts'
import { isRefusal } from '../../server/domain/refusal.ts'
import { standardById } from '../../server/standard/queries.ts'
import { calculate } from '../../server/visits/calculation.ts'
import { casesOn } from './cases.ts'
import type { stage as setStage } from './world.ts'

type Theatre = Awaited<ReturnType<typeof setStage>>
type Rated = Record<string, (typeof ratingValues)[number]>

/** Yamada Press with Sato on the bench: every criterion rated, from the visit on planned for today. */
export function benchOn(theatre: Theatre) {
  const { world: { database: { db } }, clock, idOf } = theatre
  const { caseIn, assigned, employerOf, stageOf } = casesOn(theatre)

  /** A case of the press shop at this stage; an earlier open one is brought to its end first. */
  async function caseAt(stage: Stage, rated: Rated = {}): Promise<string> {
    await endOpenCases(await employerOf('yamada'))
    const id = await caseIn(stage === 'awaiting_decision' ? 'correcting' : stage) // before the decider the file is sealed
    await assigned(id, 'sato')
    await rateAll(id, rated)
    if (stage !== 'desk_review') await planned(id)
    if (stage === 'awaiting_decision') await db.update(applications).set({ stage, dueAt: dueFor(stage, clock.now), version: 6 }).where(eq(applications.id, id))
    return id
  }

  async function endOpenCases(employerId: string) {
    const open = await db.select({ id: applications.id, stage: applications.stage }).from(applications).where(and(eq(applications.employerId, employerId), notInArray(applications.stage, endStages)))
    for (const { id, stage } of open) {
      if (stage === 'awaiting_decision') await db.insert(decisions).values({ applicationId: id, outcome: 'refuse', reasons: '次の案件のため', dossierSha256: sql`(select sha256 from dossiers where application_id = ${id})`, decidedBy: idOf('kobayashi') })
      await db.update(applications).set({ stage: stage === 'awaiting_decision' ? 'refused' : 'withdrawn' }).where(eq(applications.id, id))
    }
  }

  async function rateAll(id: string, rated: Rated) {
    const theCase = await found(id)
    const rows = (await criteriaFor(db, theCase, clock.now)).map(({ id: criterion }) => ({ applicationId: id, criterion, rating: rated[criterion] ?? 'conforms' as const, ratedBy: idOf('sato'), ratedAt: clock.now }))
    await db.insert(ratings).values(rows)
  }

  async function planned(id: string) {
    const { scope, standardId, cycle } = await found(id)
    if (!scope) throw new Error('a visit needs a submitted scope')
    const siteIds = scope.sites.map(site => site.id)
    const calculation = calculate(scope, await standardById(db, standardId), { siteIds, interpreterLanguages: 1, nightShift: false, cycle })
    await db.insert(visits).values({
      applicationId: id, startsOn: '2026-11-24', endsOn: '2026-11-24', siteIds, team: '佐藤 誠', personDays: calculation.effort.onSiteDays, interviewsPlanned: calculation.sample.total, calculation,
      plannedBy: idOf('sato'), plannedAt: clock.now,
    })
  }

  async function found(id: string) {
    const viewer = { personId: idOf('suzuki'), name: '', email: '', locale: 'ja' as const, roles: ['operator' as const], employerId: null, buyerId: null, secondFactor: true, key: null, tokenHash: '', today: '2026-11-24', tiedTo: [] }
    const theCase = await findCase(db, id, viewer)
    if (isRefusal(theCase)) throw new Error(theCase.refused)
    return theCase
  }

  return { caseAt, stageOf }
}

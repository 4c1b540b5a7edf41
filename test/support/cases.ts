import { eq } from 'drizzle-orm'
import { agreementKinds, agreementSignatures } from '../../schema/agreements.ts'
import { memberships } from '../../schema/accounts.ts'
import { answers, applications } from '../../schema/applications.ts'
import { assignments, interestDeclarations } from '../../schema/assessments.ts'
import { employerPopulations, employers, employerSites } from '../../schema/employers.ts'
import { newId } from '../../schema/shared.ts'
import type { CastName } from '../../scripts/seed.ts'
import { currentAgreement } from '../../server/agreements/texts.ts'
import { criteriaFor } from '../../server/applications/criteria.ts'
import { dueFor } from '../../server/domain/deadlines.ts'
import type { Stage } from '../../server/domain/lifecycle.ts'
import { scopeOf } from '../../server/employers/queries.ts'
import type { stage as setStage } from './world.ts'

type Theatre = Awaited<ReturnType<typeof setStage>>
const ways: Partial<Record<Stage, Stage[]>> = {
  draft: [], submitted: ['submitted'], returned: ['submitted', 'returned'], declined: ['submitted', 'declined'], accepted: ['submitted', 'accepted'], desk_review: ['submitted', 'accepted', 'desk_review'],
  clarifying: ['submitted', 'accepted', 'desk_review', 'clarifying'], visit_planned: ['submitted', 'accepted', 'desk_review', 'visit_planned'],
  correcting: ['submitted', 'accepted', 'desk_review', 'visit_planned', 'correcting'], awaiting_decision: ['submitted', 'accepted', 'desk_review', 'visit_planned', 'correcting', 'awaiting_decision'],
  withdrawn: ['withdrawn'],
}

/** Cases set up straight in the database, along the ways that the lifecycle trigger allows: a test begins where its story does. */
export function casesOn({ world, clock, idOf }: Theatre) {
  const { db } = world.database

  async function caseIn(stage: Stage, who: CastName = 'yamada', employer?: string): Promise<string> {
    const employerId = employer ?? await employerOf(who)
    await sign(employerId, idOf(who))
    const id = newId(), submittedAt = clock.now, scope = await scopeOf(db, employerId), standardId = 're-0.1.0'
    await db.insert(applications).values({ id, employerId, standardId, openedBy: idOf(who), openedAt: clock.now, stageSince: clock.now })
    for (const { id: criterion } of await criteriaFor(db, { employerId, standardId, stage: 'submitted', scope, submittedAt }, clock.now)) {
      await db.insert(answers).values({ applicationId: id, criterion, answer: 'yes', explanation: '毎月、記録を確かめています。', answeredBy: idOf(who), answeredAt: clock.now })
    }
    await walk(id, stage, { scope, submittedAt })
    return id
  }

  /** A draft that is there already, along its way. */
  async function walk(id: string, stage: Stage, { scope, submittedAt = clock.now }: { scope: Awaited<ReturnType<typeof scopeOf>>; submittedAt?: Date }) {
    for (const [nth, to] of (ways[stage] ?? []).entries()) {
      await db.update(applications).set({ stage: to, stageSince: clock.now, dueAt: dueFor(to, clock.now), version: nth + 1, submittedAt, scope }).where(eq(applications.id, id))
    }
  }

  async function employerOf(who: CastName): Promise<string> {
    const [member] = await db.select().from(memberships).where(eq(memberships.personId, idOf(who)))
    if (!member) throw new Error(`${who} has no employer`)
    return member.employerId
  }

  /** One more company, for lists. Nobody belongs to it. */
  async function anotherEmployer(nameJa: string): Promise<string> {
    const id = newId()
    await db.insert(employers).values({ id, nameJa, nameKana: 'ミホン', nameLatin: 'Sample K.K.', prefecture: '愛知県', addressJa: '愛知県豊田市見本1', industry: 'food', workers: 20 })
    await db.insert(employerSites).values({ employerId: id, kind: 'workplace', nameJa: '本社', addressJa: '愛知県豊田市見本1', people: 20 })
    await db.insert(employerPopulations).values({ employerId: id, nationality: 'VN', residenceStatus: 'specified_skilled_1', people: 6 })
    return id
  }

  const sign = async (employerId: string, personId: string) => {
    for (const kind of agreementKinds) {
      const { version, sha256 } = currentAgreement(kind)
      await db.insert(agreementSignatures).values({ employerId, kind, version, textSha256: sha256, signedAs: '代表取締役 山田 一郎', personId }).onConflictDoNothing()
    }
  }

  /** On the case as assessor; `declared` free of interests unless told otherwise. */
  async function assigned(applicationId: string, who: CastName, { declared = true } = {}): Promise<string> {
    const id = newId(), personId = idOf(who), none = { employed: false, paid: false, advised: false, trained: false, familyTie: false, financialTie: false }
    await db.insert(assignments).values({ id, applicationId, personId, part: 'assessor', assignedBy: idOf('suzuki'), assignedAt: clock.now })
    if (declared) await db.insert(interestDeclarations).values({ assignmentId: id, applicationId, personId, ...none, declaredAt: clock.now })
    return id
  }

  const stageOf = async (id: string) => (await db.select({ stage: applications.stage, version: applications.version }).from(applications).where(eq(applications.id, id)))[0]

  return { caseIn, walk, assigned, stageOf, employerOf, anotherEmployer }
}

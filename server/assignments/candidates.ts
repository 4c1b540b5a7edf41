import { asc, eq, sql, type SQL } from 'drizzle-orm'
import { assessorOrganisations, people } from '../../schema/accounts.ts'
import { applications } from '../../schema/applications.ts'
import { assignments } from '../../schema/assessments.ts'
import { competences } from '../../schema/competences.ts'
import { objectionAnswers, objections } from '../../schema/objections.ts'
import { ties } from '../../schema/ties.ts'
import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import { japanDate } from '../domain/calendar.ts'
import { languagesAmong, type Competence, type Needed } from '../domain/competence.ts'
import type { TieKind } from '../domain/independence.ts'
import { endStages } from '../domain/lifecycle.ts'
import { byFitness, judge } from '../domain/proposals.ts'

const most = 500

/** What this case asks of whoever assesses it, from what the employer said of itself when it applied. */
export const neededIn = ({ scope }: Pick<Case, 'scope'>, now: Date): Needed => ({ industry: scope?.industry ?? '', languages: languagesAmong(scope?.populations ?? []), on: japanDate(now) })

/** Every assessor with what the register, the ties and the other cases say of them, judged for this case; the fittest first. One statement. */
export async function candidatesFor(db: Db, theCase: Case, now: Date, who?: string) {
  const needed = neededIn(theCase, now)
  const rows = await candidates(db, theCase, needed.on, who ? eq(people.id, who) : sql`'assessor' = any(${people.staffRoles})`)
  return rows.map(candidate => ({ candidate, judged: judge(candidate, needed) })).toSorted(byFitness)
}

const candidates = (db: Db, { id, employerId }: Case, today: string, where: SQL) =>
  db.select({
    personId: people.id, name: people.name, organisation: { nameJa: assessorOrganisations.nameJa, nameEn: assessorOrganisations.nameEn },
    competences: sql<Competence[]>`(select coalesce(json_agg(json_build_object('kind', ${competences.kind}, 'subject', ${competences.subject}, 'validUntil', ${competences.validUntil})), '[]') from ${competences} where ${competences.personId} = ${people.id} and ${competences.endedAt} is null)`,
    ties: tiesOf(employerId, sql`${ties.until} > ${today}`), endedTies: tiesOf(employerId, sql`${ties.until} <= ${today}`),
    assessedBefore: sql<boolean>`exists (${assessed} and ${applications.employerId} = ${employerId} and ${applications.id} <> ${id})`,
    objected: sql<boolean>`exists (select from ${objections} join ${objectionAnswers} on ${objectionAnswers.objectionId} = ${objections.id} and ${objectionAnswers.upheld} where ${objections.applicationId} = ${id} and ${objections.assessorId} = ${people.id})`,
    load: sql<number>`(select count(*)::int from (${assessed} and ${assignments.endedAt} is null and ${applications.stage}::text not in (${sql.join(endStages.map(stage => sql`${stage}`), sql`, `)})) open)`,
    taken: sql<boolean>`exists (${assessed} and ${assignments.endedAt} is null and ${applications.id} = ${id})`,
  }).from(people).leftJoin(assessorOrganisations, eq(assessorOrganisations.id, people.assessorOrganisationId)).where(where).orderBy(asc(people.name), asc(people.id)).limit(most)

const assessed = sql`select from ${assignments} join ${applications} on ${applications.id} = ${assignments.applicationId} where ${assignments.personId} = ${people.id} and ${assignments.part} = 'assessor'`
const tiesOf = (employerId: string, which: SQL) => sql<TieKind[]>`array(select distinct ${ties.kind} from ${ties} where ${ties.personId} = ${people.id} and ${ties.employerId} = ${employerId} and ${which} order by 1)`

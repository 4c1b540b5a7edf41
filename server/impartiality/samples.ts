import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { refusedByIndependence, type Impartiality } from '../../schema/impartiality-shapes.ts'
import type { Db } from '../adapters/database.ts'
import { knows } from '../http/locale.ts'
import { untied } from '../ties/untied.ts'

type Page = z.infer<typeof Impartiality>
type TiedTo = readonly string[]
type Employer = { nameJa: string; nameLatin: string }

const employer = ({ nameJa, nameLatin }: Employer) => ({ nameJa, nameEn: nameLatin || nameJa })
const shown = 50

/** C7: what was to be heard, and what was. */
export async function sampling(db: Db, tiedTo: TiedTo): Promise<Page['sampling']> {
  const rows = await db.execute<Omit<Page['sampling'][number], 'employer'> & Employer>(sql`
    select a.id as "applicationId", e.name_ja as "nameJa", e.name_latin as "nameLatin", v.held_on::text as "heldOn", coalesce((a.scope->>'foreignWorkers')::int, 0) as "foreignWorkers", v.interviews_planned as sample,
      (select count(*)::int from interview_draws d where d.application_id = a.id) as draws, v.workers_invited as asked, v.workers_agreed as agreed, v.person_days::float as "personDays", v.justification,
      (select coalesce(sum(people), 0)::int from interviews i where i.application_id = a.id and i.form = 'single') as alone, (select coalesce(sum(people), 0)::int from interviews i where i.application_id = a.id and i.form = 'group') as "inGroups"
    from visits v join applications a on a.id = v.application_id join employers e on e.id = a.employer_id where (v.announced or v.begun_at is not null) and ${untied(sql`a.employer_id`, tiedTo)} order by v.planned_at desc, v.id desc limit ${shown}`)
  return [...rows].map(({ nameJa, nameLatin, ...row }) => ({ ...row, employer: employer({ nameJa, nameLatin }) }))
}

/** C20: who was assigned although something was lacking, and why. */
export async function gapsCovered(db: Db, tiedTo: TiedTo): Promise<Page['gaps']> {
  const rows = await db.execute<Omit<Page['gaps'][number], 'employer' | 'at'> & Employer & { at: string }>(sql`
    select j.at, e.name_ja as "nameJa", e.name_latin as "nameLatin", p.name as assessor, b.name as by, j.after->'gaps' as gaps, j.after->>'justification' as justification
    from journal j join employers e on e.id = j.employer_id join people p on p.id::text = j.subject_id join people b on b.id = j.actor_id
    where j.operation = 'assignments.assign' and j.after->'gaps' is not null and ${untied(sql`j.employer_id`, tiedTo)} order by j.id desc limit ${shown}`)
  return [...rows].map(({ nameJa, nameLatin, at, ...row }) => ({ ...row, at: new Date(at), employer: employer({ nameJa, nameLatin }) }))
}

type Refused = Omit<Page['refusals'][number], 'employer' | 'at' | 'named'> & { at: string; nameJa: string | null; nameLatin: string | null }

/** Every attempt that independence refused, newest first. Which parts stood in the way is left out: one of them would say who pays. */
export async function refusals(db: Db, tiedTo: TiedTo, before: number | undefined): Promise<Pick<Page, 'refusals' | 'older'>> {
  const rows = [...await db.execute<Refused>(sql`
    select j.id::int as id, j.at, j.operation, b.name as by, j.actor_role as role, p.name as about, e.name_ja as "nameJa", e.name_latin as "nameLatin", j.after->>'refused' as reason
    from journal j left join applications a on a.id = j.application_id left join employers e on e.id = coalesce(j.employer_id, a.employer_id) left join people b on b.id = j.actor_id
      left join people p on p.id::text = j.subject_id and p.id <> j.actor_id
    where j.operation like '%.refused' and j.operation not like 'sponsorships.%' and j.after->>'refused' in (${sql.join(refusedByIndependence.map(reason => sql`${reason}`), sql`, `)}) and ${untied(sql`coalesce(j.employer_id, a.employer_id)`, tiedTo)} and ${before === undefined ? sql`true` : sql`j.id < ${before}`}
    order by j.id desc limit ${shown + 1}`)]
  const page = rows.slice(0, shown).map(({ nameJa, nameLatin, at, ...row }) =>
    ({ ...row, at: new Date(at), named: knows('ja', `journal.${row.operation}`), employer: nameJa === null ? null : employer({ nameJa, nameLatin: nameLatin ?? '' }) }))
  return { refusals: page, older: rows.length > shown ? page.at(-1)?.id ?? null : null }
}

import { sql, type SQL } from 'drizzle-orm'
import type { OpenFindings } from '../../schema/certificate-shapes.ts'

const counted = { zeroTolerance: 'zero_tolerance', major: 'major', minor: 'minor' } as const satisfies Record<keyof OpenFindings, string>

/**
 * How many findings of a case were open at an instant, by grade, as one column of a statement; never what they say (C19). Open as domain/findings.ts has it:
 * not superseded, and the assessor has not verified the employer's latest answer, for zero tolerance a second person neither. Observations ask nothing, joint work stands among the exclusions.
 */
export const openFindingsAt = (applicationId: SQL, at: SQL): SQL => sql`(
  select json_build_object(${sql.join(Object.entries(counted).map(([name, grade]) => sql`${sql.raw(`'${name}'`)}, count(*) filter (where f.grade = ${grade})`), sql`, `)})
  from findings f where f.application_id = ${applicationId} and f.raised_at <= ${at}
    and not exists (select from findings newer where newer.supersedes = f.id and newer.raised_at <= ${at})
    and not exists (select from finding_reviews r where r.finding_id = f.id and r.outcome = 'verified' and r.reviewed_at <= ${at} and (f.grade <> 'zero_tolerance' or exists (select from finding_closures c where c.review_id = r.id and c.outcome = 'closed' and c.closed_at <= ${at})) and r.response_id =
      (select p.id from finding_responses p where p.finding_id = f.id and p.responded_at <= ${at} order by p.responded_at desc, p.id desc limit 1)))`

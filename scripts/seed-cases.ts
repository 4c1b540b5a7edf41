import { sql } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { World } from '../server/world.ts'
import { castOf } from './seed.ts'
import { askForCertification } from './journey/application.ts'
import { foundCompany, sign } from './journey/company.ts'
import { reviewAtTheDesk } from './journey/desk-review.ts'
import { signInAs } from './journey/person.ts'
import { screenAndAssign } from './journey/screening.ts'
import { playJourney } from './journey/story.ts'
import { auditOnSite } from './journey/visit.ts'

/**
 * Development, once: applications in several stages, so that every page has something to show. They come about as all others do,
 * by the journey's own chapters over HTTP, in the background of the first start. A database with applications is left alone.
 */
export async function seedCases(world: World, url: string, logger: Logger): Promise<void> {
  const [row] = await world.database.db.execute<{ applications: number }>(sql`select count(*)::int as applications from applications`)
  if (row?.applications) return
  const tell = (line: string) => logger.debug(line)
  logger.info('the sample applications are being made, which takes about half a minute; the pages work already')
  const speak = hush(logger)
  try {
    await correcting(url, tell)
    await playJourney(url, tell)
    await submitted(url, tell)
    await accepted(url, tell)
    await begun(url)
    await watched(world)
    speak()
    logger.info(`the sample applications are there: ${world.publicUrl}`)
  } catch (error) {
    speak()
    logger.warn({ err: error }, 'the sample applications are not complete')
  }
}

// A thousand requests of the samples would bury the address that a newcomer looks for.
function hush(logger: Logger): () => void {
  const { level } = logger
  if (level === 'info') logger.level = 'warn'
  return () => { logger.level = level }
}

type Tell = (line: string) => void

// Yamada Press has findings to answer.
async function correcting(url: string, tell: Tell) {
  const employer = await signInAs(url, castOf.yamada.email)
  await sign(employer)
  const applicationId = await askForCertification(employer, tell)
  await screenAndAssign(url, applicationId, tell)
  await auditOnSite(await reviewAtTheDesk(url, { applicationId, employer }, tell), applicationId, tell)
}

const hinode = { nameJa: '日の出縫製株式会社', nameKana: 'ヒノデホウセイ', nameLatin: 'Hinode Sewing Co., Ltd.', addressJa: '奈良県大和高田市見本町7-7', housing: '柳寮' }
const kuzuki = { nameJa: '葛木木工有限会社', nameKana: 'カツラギモッコウ', nameLatin: 'Katsuragi Woodworks Ltd.', addressJa: '奈良県御所市見本2-2', housing: '東寮' }

// Hinode waits for the operator.
async function submitted(url: string, tell: Tell) {
  const { employer } = await foundCompany(url, tell, hinode)
  await askForCertification(employer, tell)
}

// Katsuragi waits for its assessor to declare interests.
async function accepted(url: string, tell: Tell) {
  const { employer } = await foundCompany(url, tell, kuzuki)
  await screenAndAssign(url, await askForCertification(employer, tell), tell)
}

// Minato Motors watches whoever is certified by now, and knows some that are not yet.
async function watched({ database: { db } }: World) {
  await db.execute(sql`
    insert into suppliers (id, buyer_id, name, corporate_number, prefecture, tier, group_name, holder, matched, wanted_level, wanted_by, added_by)
    select gen_random_uuid(), m.buyer_id, s.name, s.corporate, s.prefecture, s.tier, s.part, s.holder, case when s.holder is null then null else 'number' end, 'T3', (now() - interval '1 month')::date, m.person_id
    from buyer_members m join people p on p.id = m.person_id and p.email = ${castOf.minato.email}
      cross join (select name_ja as name, nullif(corporate_number, '') as corporate, prefecture, 1 as tier, '金属加工' as part, holder from register_entries
        union all select * from (values ('日の出縫製株式会社', null, '奈良県', 1, '内装', null), ('葛木木工有限会社', null, '奈良県', 2, '内装', null), ('三河鋳造株式会社', null, '愛知県', 1, '鋳造', null), ('遠州めっき工業株式会社', null, '静岡県', 2, 'めっき', null), ('北九州ゴム株式会社', null, '福岡県', 1, 'ゴム', null)) as known) s
    on conflict do nothing`)
}

type Answers = { sections: { criteria: { id: string }[] }[] }

// Mori Foods has answered two sections and goes on tomorrow.
async function begun(url: string) {
  const employer = await signInAs(url, castOf.outsider.email)
  await sign(employer)
  const { id } = await employer.post<{ id: string }>('/applications')
  const { sections } = await employer.get<Answers>(`/applications/${id}/answers`)
  for (const criterion of sections.slice(0, 2).flatMap(({ criteria }) => criteria)) await employer.post(`/applications/${id}/answers/${criterion.id}`, { answer: 'yes', explanation: '', reason: '', version: 0 })
}

import { sql } from 'drizzle-orm'
import { assessorOrganisations, memberships, people } from '../schema/accounts.ts'
import { buyerMembers, buyers } from '../schema/buyers.ts'
import { competences } from '../schema/competences.ts'
import { employerPopulations, employers, employerSites } from '../schema/employers.ts'
import { within, type Db } from '../server/adapters/database.ts'
import { addMonths, japanDate } from '../server/domain/calendar.ts'
import type { World } from '../server/world.ts'

// Development only: the cast of the README. Everybody lives under .example; no company and no person here is real.
export const castOf = {
  yamada: { email: 'yamada@yamada-press.example', name: '山田 花子', locale: 'ja', staffRoles: [] },
  outsider: { email: 'mori@mori-shokuhin.example', name: '森 健一', locale: 'ja', staffRoles: [] },
  suzuki: { email: 'suzuki@akashi.example', name: '鈴木 恵', locale: 'ja', staffRoles: ['operator'] },
  sato: { email: 'sato@sato-sr.example', name: '佐藤 誠', locale: 'ja', staffRoles: ['assessor'] },
  lee: { email: 'lee@audit.example', name: 'Lee Ji-won', locale: 'en', staffRoles: ['assessor'] },
  tanaka: { email: 'tanaka@akashi.example', name: '田中 明', locale: 'ja', staffRoles: ['decision_maker'] },
  kobayashi: { email: 'kobayashi@akashi.example', name: '小林 由美', locale: 'ja', staffRoles: ['decision_maker'] },
  nakamura: { email: 'nakamura@akashi.example', name: '中村 修', locale: 'ja', staffRoles: ['decision_maker'] },
  ishii: { email: 'ishii@akashi.example', name: '石井 久美子', locale: 'ja', staffRoles: ['decision_maker'] },
  ito: { email: 'ito@union.example', name: '伊藤 直美', locale: 'ja', staffRoles: ['committee_member'] },
  minato: { email: 'watanabe@minato-motors.example', name: '渡辺 さくら', locale: 'ja', staffRoles: [] },
  hoshi: { email: 'hayashi@hoshi-denki.example', name: '林 健太', locale: 'en', staffRoles: [] },
} as const
export type CastName = keyof typeof castOf

/** Makes the cast, two employers and two buyers once; a database that has people is left alone. */
export async function seed(world: Pick<World, 'database' | 'now'>): Promise<void> {
  await within(world.database.db, async tx => {
    await tx.execute(sql`select pg_advisory_xact_lock(20261122)`)
    const [row] = await tx.execute<{ people: number }>(sql`select count(*)::int as people from people`)
    if (row?.people) return
    const organisation = await assessors(tx)
    const made: Record<string, string> = {}
    for (const [key, person] of Object.entries(castOf)) {
      const [{ id } = { id: '' }] = await tx.insert(people).values({ ...person, staffRoles: [...person.staffRoles], assessorOrganisationId: organisation[key] ?? null }).returning({ id: people.id })
      made[key] = id
    }
    await competence(tx, made, japanDate(world.now()))
    await employer(tx, made.yamada ?? '', yamadaPress)
    await employer(tx, made.outsider ?? '', moriFoods)
    await buyer(tx, made.minato ?? '', { nameJa: '湊自動車株式会社', nameEn: 'Minato Motors', corporateNumber: '2010401000018', code: 'B-MNAT-0001' })
    await buyer(tx, made.hoshi ?? '', { nameJa: '星電機株式会社', nameEn: 'Hoshi Electric', corporateNumber: '2010601000024', code: 'B-HOSH-0002' })
  })
}

async function assessors(tx: Db): Promise<Record<string, string>> {
  const [sato, lee] = await tx.insert(assessorOrganisations).values([
    { nameJa: '佐藤社会保険労務士事務所', nameEn: 'Sato Labour and Social Security Attorneys' }, { nameJa: '一般財団法人 見本検査協会', nameEn: 'Sample Inspection Association' },
  ]).returning({ id: assessorOrganisations.id })
  return { sato: sato?.id ?? '', lee: lee?.id ?? '' }
}

// C20: both know the trades and the main language of the cast's employers; the rest is their own.
async function competence(tx: Db, made: Record<string, string>, today: string) {
  const shared = [['sector', 'food'], ['sector', 'fabricated_metal'], ['language', 'vi'], ['law_training', '労働法・入管法研修 2026'], ['witnessed_audit', '見本工業（立会い：事務局）']] as const
  const own = [['sato', 'language', 'id'], ['lee', 'language', 'ko'], ['lee', 'language', 'en'], ['lee', 'sector', 'textile']] as const
  const rows = [...['sato', 'lee'].flatMap(who => shared.map(([kind, subject]) => [who, kind, subject] as const)), ...own]
  await tx.insert(competences).values(rows.map(([who, kind, subject]) => ({
    personId: made[who] ?? '', kind, subject, evidence: '見本の修了証', obtainedOn: addMonths(today, -6), validUntil: addMonths(today, 60), recordedBy: made.suzuki ?? '',
  })))
}

type NewEmployer = { about: typeof employers.$inferInsert; sites: Omit<typeof employerSites.$inferInsert, 'employerId'>[]; populations: Omit<typeof employerPopulations.$inferInsert, 'employerId'>[] }

async function employer(tx: Db, personId: string, { about, sites, populations }: NewEmployer) {
  const [row] = await tx.insert(employers).values(about).returning({ id: employers.id })
  const employerId = row?.id ?? ''
  await tx.insert(memberships).values({ personId, employerId })
  await tx.insert(employerSites).values(sites.map(site => ({ ...site, employerId })))
  await tx.insert(employerPopulations).values(populations.map(population => ({ ...population, employerId })))
}

async function buyer(tx: Db, personId: string, about: Omit<typeof buyers.$inferInsert, 'createdBy'>) {
  const [row] = await tx.insert(buyers).values({ ...about, createdBy: personId }).returning({ id: buyers.id })
  await tx.insert(buyerMembers).values({ personId, buyerId: row?.id ?? '' })
}

const yamadaPress: NewEmployer = {
  about: {
    nameJa: '山田プレス工業株式会社', nameKana: 'ヤマダプレスコウギョウ', nameLatin: 'Yamada Press Industries Co., Ltd.', corporateNumber: '4012301000013', prefecture: '神奈川県', addressJa: '神奈川県厚木市見本1-2-3',
    industry: 'fabricated_metal', workers: 12, representative: '山田 一郎', phone: '046-000-0000',
  },
  sites: [{ kind: 'workplace', nameJa: '本社工場', addressJa: '神奈川県厚木市見本1-2-3', people: 12 }, { kind: 'housing', nameJa: '第一寮', addressJa: '神奈川県厚木市見本4-5', people: 4 }],
  populations: [{ nationality: 'VN', residenceStatus: 'technical_intern', people: 3 }, { nationality: 'VN', residenceStatus: 'specified_skilled_1', people: 2 }],
}

const moriFoods: NewEmployer = {
  about: {
    nameJa: '森食品株式会社', nameKana: 'モリショクヒン', nameLatin: 'Mori Foods Inc.', corporateNumber: '1180301012345', prefecture: '愛知県', addressJa: '愛知県豊橋市見本9-8',
    industry: 'food', workers: 38, representative: '森 健一', phone: '0532-00-0000',
  },
  sites: [{ kind: 'workplace', nameJa: '豊橋工場', addressJa: '愛知県豊橋市見本9-8', people: 38 }],
  populations: [{ nationality: 'ID', residenceStatus: 'specified_skilled_1', people: 8 }, { nationality: 'PH', residenceStatus: 'permanent_resident', people: 4 }],
}

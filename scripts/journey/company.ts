import { randomInt } from 'node:crypto'
import { corporateCheckDigit } from '../../server/domain/corporate-number.ts'
import { signInByMail, type Person } from './person.ts'
import { expectSame, type Tell } from './telling.ts'

export type Told = Omit<Company, 'corporateNumber'>
export type Company = { nameJa: string; nameKana: string; nameLatin: string; corporateNumber: string; addressJa: string; housing: string }

// Characters that a careless font, sort or form loses: 髙 and ㈱, the 葛 of this city (an ideographic variation), Vietnamese letters.
export const city = '奈良県葛\u{E0100}城市'
const pressShop = {
  nameJa: '髙橋プレス㈱', nameKana: 'タカハシプレス', nameLatin: 'Takahashi Press Co., Ltd.', addressJa: `${city}新庄1-2-3`, housing: 'Nguyễn Thị Ngọc Ánh 記念寮',
}
export const workers = [
  { nationality: 'VN', residenceStatus: 'technical_intern', people: 3 },
  { nationality: 'VN', residenceStatus: 'specified_skilled_1', people: 2 },
]

type Page = { version: number; missing: string[]; foreignWorkers: number }

/** The same press shop under a corporate number that no company of an earlier play has. */
export const newCompany = (): Company => ({ ...pressShop, corporateNumber: newCorporateNumber() })

/** A press shop of twelve comes for the first time: signs in, says who it is (once), signs what must be signed. */
export async function foundCompany(url: string, tell: Tell, told: Told = pressShop): Promise<{ employer: Person; company: Company }> {
  const company = { ...told, corporateNumber: newCorporateNumber() }
  const employer = await signInByMail(url, '髙橋 明美', `akemi.${company.corporateNumber}@takahashi-press.example`)
  await employer.post('/profile', { name: employer.name, locale: 'ja' })
  tell(`${employer.name} signs in with a code from the mail`)
  await describe(employer, company)
  tell(`${company.nameJa} (${company.nameKana}, ${company.nameLatin}), ${company.addressJa}, 12 people, ${company.housing}`)
  await sign(employer)
  tell('signs the code of conduct and the certification agreement')
  return { employer, company }
}

async function describe(employer: Person, company: Company) {
  const { nameJa, nameKana, nameLatin, corporateNumber, addressJa, housing } = company
  const empty = await employer.get<Page>('/employer')
  // What people type: the number full-width, as a Japanese keyboard gives it.
  const typed = corporateNumber.replace(/\d/g, digit => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
  await employer.post('/employer', {
    nameJa, nameKana, nameLatin, corporateNumber: typed, prefecture: '奈良県', addressJa, industry: 'fabricated_metal', workers: '１２', representative: '髙橋 修', phone: '0745-00-0000', version: empty.version,
  })
  expectSame('what the company page still misses', (await employer.get<Page>('/employer')).missing, ['workplace', 'foreignWorkers'])
  await employer.post('/employer/sites', { kind: 'workplace', nameJa: '本社工場', addressJa, people: 12 })
  await employer.post('/employer/sites', { kind: 'housing', nameJa: housing, addressJa: `${city}新庄4-5`, people: 5 })
  for (const population of workers) await employer.post('/employer/populations', population)
  const { missing, foreignWorkers } = await employer.get<Page>('/employer')
  expectSame('what is still missing and how many foreign workers there are', { missing, foreignWorkers }, { missing: [], foreignWorkers: 5 })
}

/** Signs both agreements in the version in force. */
export async function sign(employer: Person) {
  for (const kind of ['code_of_conduct', 'certification_agreement']) {
    const { version } = await employer.get<{ version: string }>(`/agreements/${kind}`)
    await employer.post(`/agreements/${kind}`, { version, signerName: '髙橋 修', signerTitle: '代表取締役', agreed: true })
  }
  expectSame('what is left to sign', (await employer.get<{ unsigned: string[] }>('/agreements')).unsigned, [])
}

function newCorporateNumber(): string {
  const base = Array.from({ length: 12 }, () => randomInt(10)).join('')
  return `${corporateCheckDigit(base)}${base}`
}

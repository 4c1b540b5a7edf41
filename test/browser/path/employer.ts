import { fileURLToPath } from 'node:url'
import { drawers } from '../../../scripts/journey/application.ts'
import { city, workers, type Company } from '../../../scripts/journey/company.ts'
import { wageLedger } from '../../../scripts/journey/evidence.ts'
import { askedBack, selfAssessed, wanting } from '../../../scripts/journey/findings.ts'
import { person, until } from '../../../scripts/journey/person.ts'
import type { Visitor } from '../../support/visitor.ts'
import { answersMost, attachesMost } from './by-program.ts'

// The employer's part, by clicking and typing only. `look` is what an auditor of pages does on each type of page.
export type Look = (visitor: Visitor, name: string) => Promise<void>

export async function arrives(visitor: Visitor, url: string, email: string, look: Look): Promise<void> {
  await visitor.open('/')
  await look(visitor, 'home')
  await visitor.follow('/sign-in')
  await look(visitor, 'sign-in')
  await visitor.submit('/sign-in', { email })
  await look(visitor, 'code')
  const code = await until('the code', async () => {
    const { mails } = await person(url, 'reader').get<{ mails: { to: string; text: string }[] }>('/dev/inbox')
    return /\b\d{6}\b/.exec(mails.find(({ to }) => to === email)?.text ?? '')?.[0]
  })
  await visitor.submit('/sign-in/code', { code })
  await look(visitor, 'profile')
  await visitor.submit('/profile', { name: '髙橋 明美', locale: 'ja' })
}

export async function describesCompany(visitor: Visitor, company: Company, look: Look): Promise<void> {
  await visitor.open('/applications')
  await look(visitor, 'applications-without-company')
  await visitor.open('/employer')
  const { nameJa, nameKana, nameLatin, corporateNumber, addressJa, housing } = company
  const wrong = `${(Number(corporateNumber[0]) % 9) + 1}${corporateNumber.slice(1)}`
  const form = { nameJa, nameKana, nameLatin, prefecture: '奈良県', addressJa, industry: 'fabricated_metal', workers: '１２', representative: '髙橋 修', phone: '0745-00-0000' }
  await visitor.submit('/employer', { ...form, corporateNumber: wrong })
  await look(visitor, 'company-refused')
  await visitor.submit('/employer', { corporateNumber }) // the rest is still there as typed
  await visitor.submit('/employer/sites', { kind: 'workplace', nameJa: '本社工場', addressJa, people: '12' })
  await visitor.submit('/employer/sites', { kind: 'housing', nameJa: housing, addressJa: `${city}新庄4-5`, people: '5' })
  for (const { people, ...population } of workers) await visitor.submit('/employer/populations', { ...population, people: String(people) })
  await look(visitor, 'company')
  await visitor.open('/agreements')
  await look(visitor, 'agreements')
  for (const kind of ['code_of_conduct', 'certification_agreement']) {
    await visitor.open(`/agreements/${kind}`)
    if (kind === 'code_of_conduct') await look(visitor, 'agreement')
    await visitor.submit(`/agreements/${kind}`, { signerTitle: '代表取締役', signerName: '髙橋 修', agreed: true })
  }
}

/** Answers, attaches, submits. Returns the path of the application. `byProgram`: most criteria are filled in without the pages. */
export async function applies(visitor: Visitor, look: Look, byProgram = false): Promise<string> {
  await visitor.open('/applications')
  await look(visitor, 'applications')
  await visitor.submit('/applications')
  const at = visitor.path()
  await look(visitor, 'hub-draft')
  await visitor.open(`${at}/answers`)
  await look(visitor, 'answers')
  if (byProgram) await answersMost(visitor, at)
  await answers(visitor, at, look)
  await visitor.open(`${at}/evidence`)
  for (const [{ file }] of drawers) await visitor.submit('/evidence', { file: fileURLToPath(file) })
  await look(visitor, 'evidence')
  if (byProgram) await attachesMost(visitor, at)
  await attaches(visitor, at)
  await visitor.open(at)
  await look(visitor, 'hub-ready')
  await visitor.submit('/steps', { confirmed: true }, 'する')
  await look(visitor, 'hub-submitted')
  return at
}

// From the first criterion by "save and next" to the last.
async function answers(visitor: Visitor, at: string, look: Look) {
  await visitor.open(`${at}/answers/RE-01.1`)
  await look(visitor, 'answer')
  for (let criterion = 'RE-01.1'; ; criterion = visitor.path().split('/').at(-1) ?? '') {
    const { answer = 'yes', explanation = '', reason = '' } = selfAssessed[criterion] ?? {}
    await visitor.submit(`/answers/${criterion}`, { answer, ...(reason ? { reason } : {}), ...(explanation ? { explanation } : {}) }, '次')
    if (visitor.path() === `${at}/answers`) return
  }
}

// What the page of the application says is still missing, one link after the other.
async function attaches(visitor: Visitor, at: string) {
  await visitor.open(at)
  const links = await visitor.page.locator(`main a[href^="${at}/answers/RE-"]`).evaluateAll(found => found.map(link => link.getAttribute('href') ?? ''))
  for (const href of new Set(links)) {
    await visitor.open(href)
    const [file] = drawers.find(([, criteria]) => criteria.test(href.split('/').at(-1) ?? '')) ?? []
    const name = decodeURIComponent(file?.file.pathname.split('/').at(-1) ?? '')
    await visitor.submit('/attachments', { documentId: name })
  }
}

export async function answersBack(visitor: Visitor, at: string, look: Look): Promise<void> {
  await visitor.open(`${at}/clarifications`)
  await look(visitor, 'clarifications-employer')
  await visitor.submit('/reply', { reply: askedBack.reply })
  await visitor.submit('/clarifications/return')
}

/** Answers one finding; `done` with the document that shows it. */
export async function answersFinding(visitor: Visitor, at: string, criterion: string, done: 'planned' | 'done', look: Look): Promise<void> {
  const found = wanting.find(each => each.criterion === criterion)
  await visitor.open(`${at}/findings`)
  await look(visitor, 'findings-employer')
  await visitor.page.locator('a[href^="/findings/"]', { hasText: criterion }).click()
  await visitor.page.waitForURL('**/findings/*')
  await look(visitor, 'finding-employer')
  if (done === 'done') await visitor.submit('/documents', { file: fileURLToPath(wageLedger.file) })
  const { cause = '', correction = '', correctiveAction = '' } = found ?? {}
  await visitor.submit('/responses', { cause, correction, correctiveAction, done })
}

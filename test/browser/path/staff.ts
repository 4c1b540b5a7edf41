import { fileURLToPath } from 'node:url'
import { emergencyExit } from '../../../scripts/journey/evidence.ts'
import { askedBack, wanting } from '../../../scripts/journey/findings.ts'
import { today } from '../../../scripts/journey/visit.ts'
import type { Visitor } from '../../support/visitor.ts'
import { ratesMost } from './by-program.ts'
import type { Look } from './employer.ts'

/** One click on the development list. */
export async function entersAs(visitor: Visitor, name: string): Promise<void> {
  await visitor.open('/sign-in')
  await Promise.all([visitor.page.waitForURL(address => address.pathname !== '/sign-in'), visitor.page.getByRole('button', { name }).click()])
}

export async function screensAndAssigns(visitor: Visitor, at: string, look: Look): Promise<void> {
  await visitor.open('/pipeline')
  await look(visitor, 'pipeline')
  await visitor.open(`${at}/screening`)
  await look(visitor, 'screening')
  await visitor.submit('/screening', { outcome: 'accept' })
  await look(visitor, 'assignments')
  await Promise.all([visitor.page.waitForEvent('load'), visitor.page.getByRole('button', { name: '佐藤 誠' }).click()])
  await visitor.open(at)
  await look(visitor, 'hub-operator')
}

export async function declaresAndAsks(visitor: Visitor, at: string, look: Look): Promise<void> {
  await visitor.open('/assessments')
  await look(visitor, 'assessments')
  await visitor.open(`${at}/interests`)
  await look(visitor, 'interests')
  await visitor.submit('/interests', { employed: 'no', paid: 'no', advised: 'no', trained: 'no', family_tie: 'no', financial_tie: 'no' })
  await look(visitor, 'bench')
  await visitor.open(`${at}/assessment/${askedBack.criterion}`)
  await look(visitor, 'bench-criterion')
  await visitor.submit('/clarifications', { question: askedBack.question })
  await visitor.open(`${at}/clarifications`)
  await look(visitor, 'clarifications-assessor')
  await visitor.submit('/clarifications/sending')
}

export async function ratesEverything(visitor: Visitor, at: string): Promise<void> {
  await ratesMost(visitor, at)
  await visitor.open(`${at}/assessment/RE-01.1`)
  for (let criterion = 'RE-01.1'; criterion.startsWith('RE-'); criterion = visitor.path().split('/').at(-1) ?? '') {
    const found = wanting.find(each => each.criterion === criterion)
    const rating = found?.grade ?? (criterion === 'RE-11.3' ? 'not_applicable' : 'conforms')
    await visitor.submit(`/assessment/${criterion}`, { rating, note: found?.statement ?? (rating === 'conforms' ? '' : '該当する事実がないことを記録で確認した。') })
  }
}

export async function auditsOnSite(visitor: Visitor, at: string, look: Look): Promise<void> {
  await visitor.open(`${at}/visit`)
  await look(visitor, 'visit-plan')
  await visitor.submit('/visit', { startsOn: today(), endsOn: today(), team: '佐藤 誠（主任）、通訳 1名', interpreterLanguages: '１' })
  await look(visitor, 'visit')
  await visitor.open(`${at}/visit/notes`)
  await visitor.submit('/visit/notes', { criterion: 'RE-08.3', note: 'プレス機の両手押しボタンと光線式安全装置が全機で働いていた。' })
  await visitor.open(`${at}/visit/notes`)
  await visitor.submit('/visit/notes/photos', { criterion: 'RE-09.2', note: '寮1階の非常口。障害物はない。', file: fileURLToPath(emergencyExit.file) })
  await look(visitor, 'notes')
  await hears(visitor, at, look)
  await visitor.open(`${at}/visit`)
  await visitor.submit('/visit/record', { heldOn: today(), openingMeeting: '目的、進め方を説明した。', closingMeeting: '指摘2件を説明した。', workersInvited: '5', workersAgreed: '5', fees: 'no_fees' })
  await raisesFindings(visitor, at, look)
  await visitor.open(`${at}/visit`)
  await look(visitor, 'visit-closing')
  await visitor.submit('/visit/closing')
}

async function hears(visitor: Visitor, at: string, look: Look) {
  await visitor.open(`${at}/interviews`)
  for (const code of ['A-01', 'A-02', 'A-03', 'A-04', 'A-05']) await visitor.submit('/interviews', { code, kind: 'single', people: '1', language: 'vi', minutes: '30', notes: '明細は母語で読める。' })
  await visitor.submit('/interviews', { code: 'P-01', kind: 'peer', people: '2', language: 'ja', minutes: '20' })
  await visitor.submit('/interviews', { code: 'R-01', kind: 'representative', people: '1', language: 'ja', minutes: '20' })
  await look(visitor, 'interviews')
}

async function raisesFindings(visitor: Visitor, at: string, look: Look) {
  for (const [index, { criterion, grade, statement, evidenceReference }] of wanting.entries()) {
    await visitor.open(`${at}/findings?criterion=${criterion}&grade=${grade}`)
    if (index === 0) await look(visitor, 'findings-assessor')
    await visitor.submit('/findings', { statement, evidenceReference })
  }
}

export async function reviewsFinding(visitor: Visitor, at: string, { criterion, outcome }: { criterion: string; outcome: string }, look: Look): Promise<void> {
  await visitor.open(`${at}/findings`)
  await visitor.page.locator('a[href^="/findings/"]', { hasText: criterion }).click()
  await visitor.page.waitForURL('**/findings/*')
  await look(visitor, 'finding-assessor')
  await visitor.submit('/reviews', { outcome, note: '記録を確認した。' })
}

export async function recommends(visitor: Visitor, at: string, look: Look): Promise<void> {
  await visitor.open(`${at}/recommendation`)
  await look(visitor, 'recommendation')
  await visitor.submit('/recommendation', { outcome: 'certify', summary: '重大な指摘は是正され、検証した。', strengths: '全員が母語の給与明細を受け取っている。' })
}

/** The first of the two who sign for a first certificate: nothing is certified yet. */
export async function signsFirst(visitor: Visitor, at: string, look: Look): Promise<void> {
  await visitor.open(`${at}/decision`)
  await look(visitor, 'decision-first')
  await visitor.submit('/decision', { outcome: 'certify', reasons: '面談と賃金台帳の記録を確認した。' })
  await look(visitor, 'decision-signed')
}

/** Decides, and waits until the certificate is out. Returns its number. */
export async function decides(visitor: Visitor, at: string, look: Look): Promise<string> {
  await visitor.open('/decisions')
  await look(visitor, 'decisions')
  await visitor.open(`${at}/decision`)
  await look(visitor, 'decision')
  await visitor.submit('/decision', { outcome: 'certify', reasons: '基準への適合と重大な指摘の是正を、記録により確認した。' })
  await look(visitor, 'decision-made')
  const link = visitor.page.locator('main a[href*="/c/RE-JP-"]').first()
  for (const end = Date.now() + 60_000; !(await link.count()) && Date.now() < end;) {
    await visitor.page.waitForTimeout(500)
    await visitor.page.reload()
  }
  return (await link.getAttribute('href'))?.split('/').at(-1) ?? ''
}

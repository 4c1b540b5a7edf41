import { describe, expect, it } from 'vitest'
import type { CastName } from '../../scripts/seed.ts'
import { benchOn } from '../support/bench.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as } = theatre
const { caseAt, stageOf } = benchOn(theatre)

/** Opens a page, fills in one of its forms and sends it, hidden fields and all, as a browser without script does. */
async function fill(who: CastName, page: string, action: string, typed: Record<string, string>): Promise<string> {
  const { text } = await as(who).page(page)
  const form = text.split('<form ').slice(1).map(part => part.slice(0, part.indexOf('</form>'))).find(part => part.includes(`action="${action}"`))
  if (!form) throw new Error(`${page} has no form for ${action}`)
  const hidden = Object.fromEntries([...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]))
  const answer = await as(who).submit(action, { ...hidden, ...typed })
  if (answer.status !== 303) throw new Error(`${action}: ${answer.status} ${/<ul>.*?<\/ul>/s.exec(answer.text)?.[0]}`)
  return answer.location
}

describe('without script', () => {
  it('leads from the plan of a visit to the recommendation, form by form, for both sides', async () => {
    const id = await caseAt('desk_review', { 'RE-07.3': 'major' })
    const at = `/applications/${id}`
    const { sites } = (await as('sato').get(`${at}/visit`)).body
    await fill('sato', `${at}/visit`, `${at}/visit`, { startsOn: '2026-11-24', endsOn: '2026-11-24', siteIds: sites[0].id, team: '佐藤 誠', interpreterLanguages: '１', personDays: '', interviewsPlanned: '', justification: '' })
    await fill('sato', `${at}/visit/notes`, `${at}/visit/notes`, { criterion: 'RE-08.3', note: '光線式安全装置が働いていた。' })
    for (const code of ['A-01', 'A-02', 'A-03', 'A-04', 'A-05']) {
      await fill('sato', `${at}/interviews`, `${at}/interviews`, { code, kind: 'single', people: '1', language: 'vi', minutes: '20', heldOn: '2026-11-24', notes: '' })
    }
    const day = { heldOn: '2026-11-24', openingMeeting: '社長', closingMeeting: '社長', workersInvited: '5', workersAgreed: '5', fees: 'no_fees' }
    await fill('sato', `${at}/visit`, `${at}/visit/record`, day)
    const finding = await fill('sato', `${at}/findings?criterion=RE-07.3&grade=major`, `${at}/findings`, { criterion: 'RE-07.3', grade: 'major', statement: '割増賃金が不足している。', evidenceReference: '' })
    await fill('sato', `${at}/visit`, `${at}/visit/closing`, {})
    expect((await stageOf(id))?.stage).toBe('correcting')

    const said = { cause: '設定の誤り', correction: '支払った', correctiveAction: '毎月確かめる' }
    await fill('yamada', finding, `${finding}/responses`, { ...said, done: 'planned' })
    await fill('sato', finding, `${finding}/reviews`, { outcome: 'plan_accepted', note: '' })
    await fill('yamada', finding, `${finding}/responses`, { ...said, done: 'done' })
    await fill('sato', finding, `${finding}/reviews`, { outcome: 'verified', note: '支払いの記録を確かめた。' })
    await fill('sato', `${at}/recommendation`, `${at}/recommendation`, { outcome: 'certify', summary: '基準を満たしている。', strengths: '', exclusions: '' })
    expect((await stageOf(id))?.stage).toBe('awaiting_decision')
  })

  it('replaces a finding with what it said already in the form', async () => {
    const id = await caseAt('correcting', { 'RE-08.2': 'minor' })
    const older = (await as('sato').post(`/applications/${id}/findings`, { criterion: 'RE-08.2', grade: 'minor', statement: '手順書が旧版である。' })).body.findingId
    const page = `/applications/${id}/findings?supersedes=${older}`
    expect((await as('sato').page(page)).text).toContain('手順書が旧版である。</textarea>')
    const newer = await fill('sato', page, `/applications/${id}/findings`, { criterion: 'RE-08.2', grade: 'minor', statement: '3号機の手順書が旧版である。' })
    expect((await as('sato').get(newer)).body.supersedes).toBe(older)
  })

  it('reckons again with what is typed so far, and keeps it', async () => {
    const id = await caseAt('desk_review')
    const { text } = await as('sato').page(`/applications/${id}/visit?startsOn=2026-12-01&endsOn=2026-12-03&team=${encodeURIComponent('佐藤と通訳')}&interpreterLanguages=3&nightShift=yes&personDays=2.5&justification=`)
    expect([text.includes('value="2026-12-03"'), text.includes('佐藤と通訳</textarea>'), text.includes('value="2.5"'), text.includes('空欄なら、計算どおり 2.25 人日にします')]).toEqual([true, true, true, true])
  })
})

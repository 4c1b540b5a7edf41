import { describe, expect, it } from 'vitest'
import { stage } from '../support/world.ts'

const { anybody, as, clock, world } = await stage()
const { content } = (await world.database.sql`select content from standards`)[0] as { content: { criteria: { id: string }[]; sections: { id: string; titleJa: string }[] } }
const lawOf = async (criterion: string) => (await anybody.get(`/standard/criteria/${criterion}`)).body.criterion as { law: { nameEn: string }[]; lawLater: { nameEn: string; effectiveFrom: string }[] }

describe('the public standard', () => {
  it('says how many criteria there are and how grave a breach is', async () => {
    const { status, body } = await anybody.get('/standard')
    expect([status, body.about.code, body.criteria, body.graded, body.sections.length]).toEqual([200, 'RE', 60, { zeroTolerance: 16, major: 38, minor: 6 }, 14])
  })

  it('shows every section and every criterion to everybody, in Japanese and English', async () => {
    const paths = ['/standard', ...content.sections.map(({ id }) => `/standard/${id}`), ...content.criteria.map(({ id }) => `/standard/criteria/${id}`)]
    const statuses = []
    for (const path of paths) for (const lang of ['ja', 'en']) statuses.push((await anybody.page(path, lang)).status)
    expect([paths.length, new Set(statuses)]).toEqual([75, new Set([200])])
  })

  it.each(['/standard', '/standard/S03', '/standard/criteria/RE-03.1'])('says on %s that it is a proposal', async path => {
    const [ja, en] = [await anybody.page(path, 'ja'), await anybody.page(path, 'en')]
    expect([ja.text.includes('公式な文書ではありません'), en.text.includes('is a proposal')]).toEqual([true, true])
  })

  it('names the law of the day: the Technical Intern Training Act until March 2027, skill development from April', async () => {
    const before = await lawOf('RE-01.1')
    clock.now = new Date('2027-03-31T15:00:00Z') // 1 April in Japan
    const after = await lawOf('RE-01.1')
    clock.now = new Date('2026-11-24T01:00:00Z')
    const names = (lines: { nameEn: string }[]) => lines.map(({ nameEn }) => nameEn.split(' (')[0])
    expect([names(before.law).includes('Technical Intern Training Act'), before.lawLater.map(({ effectiveFrom }) => effectiveFrom), names(after.law).includes('Technical Intern Training Act'), after.lawLater])
      .toEqual([true, ['2027-04-01'], false, []])
  })

  it('marks a number that is still to be confirmed', async () => {
    const { text } = await anybody.page('/standard/criteria/RE-01.1')
    expect(text).toContain('<span class="badge">確認中</span>')
  })

  it('tells the deadlines of the grading table', async () => {
    const { text } = await anybody.page('/standard/criteria/RE-03.1')
    expect(text).toContain('働く人を守る計画を72時間以内、封じ込めを7日以内、是正の確認を30日以内')
  })

  it.each(['/standard/S99', '/standard/nonsense', '/standard/criteria/RE-99.9', '/standard/criteria/%00', '/standard/criteria/<script>'])('knows no %s', async path => {
    const page = await anybody.page(path)
    expect([(await anybody.get(path)).status, page.status, page.text.includes('<script>')]).toEqual([404, 404, false])
  })

  it('needs no account and is the same for who has one', async () => {
    expect((await as('yamada').get('/standard/S01')).body).toEqual((await anybody.get('/standard/S01')).body)
  })
})

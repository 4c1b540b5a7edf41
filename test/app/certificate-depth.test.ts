import { describe, expect, it } from 'vitest'
import { reasonClasses } from '../../schema/certificate-shapes.ts'
import { findingResponses, findingReviews, findings } from '../../schema/findings.ts'
import { newId } from '../../schema/shared.ts'
import { certificateEvents, standings } from '../../server/domain/standing.ts'
import { findingsOf } from '../../server/findings/queries.ts'
import { knows, publicLocales } from '../../server/http/locale.ts'
import { countQueries } from '../support/queries.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { app, anybody, clock, idOf, world } = theatre
const { db, sql } = world.database
const { issued, employerOf } = sealedFilesOn(theatre)
const { id, number } = await issued({ employerId: await employerOf('yamada') })
const page = async (lang = 'ja') => (await app.inject({ method: 'GET', url: `/c/${number}?lang=${lang}`, headers: { host: 'akashi.test', accept: 'text/html', 'cache-control': 'no-cache' } })).body
const before = new Date('2026-11-20T03:00:00Z'), after = new Date('2026-12-20T03:00:00Z')

type Grade = (typeof findings.$inferInsert)['grade']
/** As if raised at the visit and followed up after the decision: the case itself stands still now. */
async function raised(grade: Grade, criterion: string, { supersedes, verifiedAt }: { supersedes?: string; verifiedAt?: Date } = {}): Promise<string> {
  const findingId = newId()
  for (const table of ['findings', 'finding_responses', 'finding_reviews']) await sql.unsafe(`alter table ${table} disable trigger ${table}_are_sealed`)
  await db.insert(findings).values({ id: findingId, applicationId: id, criterion, criterionVersion: '1', grade, statement: '秘密の指摘', raisedBy: idOf('sato'), raisedAt: before, supersedes })
  if (verifiedAt) {
    const [response] = await db.insert(findingResponses).values({ findingId, cause: '原因', correction: '修正', correctiveAction: '是正', done: 'done', respondedBy: idOf('yamada'), respondedAt: verifiedAt }).returning()
    await db.insert(findingReviews).values({ findingId, responseId: response?.id ?? '', outcome: 'verified', note: '見た', reviewedBy: idOf('sato'), reviewedAt: verifiedAt })
  }
  for (const table of ['findings', 'finding_responses', 'finding_reviews']) await sql.unsafe(`alter table ${table} enable always trigger ${table}_are_sealed`)
  return findingId
}

describe('how far and when it was examined', () => {
  it('says the level, the last day on site, when the next surveillance is due, and that no finding is open', async () => {
    const { body } = await anybody.get(`/c/${number}`)
    expect([body.tier.code, body.lastDayOnSite, body.surveillance, body.openFindings.now]).toEqual(['T3', '2026-11-20', { due: '2027-11-24', overdue: false }, { zeroTolerance: 0, major: 0, minor: 0 }])
    const shown = await page()
    for (const words of ['書類、現地、働く人への聞き取りまで調べました', '2026年11月20日', '2027年11月24日まで', 'いま: ありません', '判定のとき: ありません']) expect(shown).toContain(words)
  })

  it('counts open findings by grade, at the decision and now, and never says what they are', async () => {
    const old = await raised('major', 'RE-01.1')
    await raised('minor', 'RE-01.1', { supersedes: old })
    await raised('minor', 'RE-02.1', { verifiedAt: after })
    await raised('minor', 'RE-03.1', { verifiedAt: before })
    await raised('observation', 'RE-04.1')
    clock.now = new Date('2027-01-05T03:00:00Z')
    const { body, text } = await anybody.get(`/c/${number}?on=2026-11-24`)
    expect(body.openFindings).toEqual({ atDecision: { zeroTolerance: 0, major: 0, minor: 2 }, now: { zeroTolerance: 0, major: 0, minor: 1 } })
    const open = (await findingsOf(db, id)).filter(finding => finding.open)
    expect(body.openFindings.now.minor).toBe(open.filter(({ grade }) => grade === 'minor').length)
    expect([await page(), text].filter(told => /秘密の指摘|RE-01\.1|原因/.test(told))).toEqual([])
    expect(await page()).toContain('いま: ゼロトレランス 0件、重大 0件、軽微 1件')
  })

  it('says when a surveillance is overdue, and asks for none after the end', async () => {
    clock.now = new Date('2028-01-05T03:00:00Z')
    expect([(await anybody.get(`/c/${number}`)).body.surveillance, (await page()).includes('期限（2027年11月24日）を過ぎました')]).toEqual([{ due: '2027-11-24', overdue: true }, true])
    clock.now = new Date('2029-11-24T03:00:00Z')
    expect([(await anybody.get(`/c/${number}`)).body.surveillance, (await page()).includes('次の維持審査')]).toEqual([null, false])
    clock.now = new Date('2026-11-24T01:00:00Z')
  })
})

it('is read with one statement, whatever happened to the certificate', async () => {
  await anybody.get(`/c/${number}`) // the standard is read once
  expect(await countQueries(world, () => anybody.get(`/c/${number}?on=2026-11-24&fresh=1`))).toBe(1)
})

it('names the certificates of other cycles, both ways, and no other company’s', async () => {
  const later = await issued({ employerId: await employerOf('yamada') }), other = await issued()
  const cycles = await Promise.all([number, later.number, other.number].map(async one => (await anybody.get(`/c/${one}?cycles=1`)).body.otherCycles))
  expect(cycles).toEqual([[later.number], [number], []])
  expect(await page()).toContain(`href="/c/${later.number}?lang=ja"`)
})

it('has words for whatever can happen to a certificate, in every language', () => {
  const keys = [...certificateEvents, 'expired'].map(event => `event_${event}`).concat(standings.flatMap(standing => [`standing_${standing}`, `means_${standing}`]), reasonClasses.map(reason => `reason_${reason}`))
  expect(publicLocales.flatMap(locale => keys.filter(key => !knows(locale, `certificates.${key}`)))).toEqual([])
})

describe('checking without us', () => {
  it('is explained: fingerprint in groups, why a reader says unknown, the command, receipt, credential and the page to keep', async () => {
    const [shown, { body }] = [await page(), await anybody.get(`/c/${number}`)]
    expect([body.keyFingerprint.replaceAll(' ', ''), body.keyFingerprint.split(' ').length]).toEqual([body.keyId, 16])
    for (const part of [body.keyFingerprint, body.sha256, 'npm run verify', `/c/${number}/proof.json?download`, `/c/${number}/certificate.vc.jwt`, `/c/${number}/offline.html`, `/c/${number}/report?lang=ja`, '/keys/root.der',
      `&lt;img src="http://akashi.test/c/${number}/badge.svg"`, `&lt;iframe src="http://akashi.test/c/${number}/badge"`]) expect(shown).toContain(part)
  })

  it('leads nowhere that is not there', async () => {
    const links = [...new Set([...(await page('en')).matchAll(/href="([^"]+)"/g)].map(([, url = '']) => url.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=').replace(/#.*/, '')))].filter(url => url.startsWith('/'))
    const statuses = await Promise.all(links.map(async url => [url, (await app.inject({ method: 'GET', url, headers: { host: 'akashi.test', accept: 'text/html' } })).statusCode] as const))
    expect([links.length > 10, statuses.filter(([, status]) => status >= 400)]).toEqual([true, []])
  })
})

import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { invitationMails } from '../../schema/invitations.ts'
import { addDays } from '../../server/domain/calendar.ts'
import { coarseStep, hasLink, invitationState, most_mails_a_day } from '../../server/domain/invitations.ts'
import { stages } from '../../server/domain/lifecycle.ts'
import { casesOn } from '../support/cases.ts'
import { supplyOn } from '../support/supply.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { as, anybody, mails, runJobs, clock, idOf, world: { database: { db, sql } } } = theatre
const { supplierOf, buyerOf, invited, accepted, tokenInMail } = supplyOn(theatre)
const { caseIn } = casesOn(theatre)
const page = async (supplierId: string) => (await as('minato').get(`/suppliers/${supplierId}/invitation`)).body
const once = () => ({ once: randomUUID() })

describe('an invitation', () => {
  it.each([['ja', '湊自動車株式会社から、認証のご案内'], ['en', 'Minato Motors invites you']])('goes out once by mail in %s, with what the buyer wrote and a link, and says that nobody has to', async (language, subject) => {
    const supplierId = await supplierOf('minato'), form = { toEmail: 'Yamada@Yamada-Press.example', language, message: '来年度の方針です。', ...once() }
    const answers = await Promise.all([as('minato').post(`/suppliers/${supplierId}/invitation`, form), as('minato').post(`/suppliers/${supplierId}/invitation`, form)])
    mails.length = 0
    const token = await tokenInMail()
    expect(answers.map(({ status }) => status)).toEqual([201, 201])
    expect(mails.map(mail => [mail.to, mail.subject.includes(subject), mail.text.includes('来年度の方針です。'), mail.text.includes('<')])).toEqual([['yamada@yamada-press.example', true, true, false]])
    const shown = await anybody.page(`/invitations/${token}`, language)
    for (const words of language === 'ja' ? ['応じる義務はありません', '回答と書類', '働く人についての情報', '来年度の方針です。'] : ['not obliged', 'answers and documents', 'anything about workers']) expect(shown.text).toContain(words)
  })

  it('keeps of its token only the hash: neither table nor journal nor the mail that went out has it', async () => {
    const token = await invited('minato', await supplierOf('minato'))
    const [row] = await sql`select count(*)::int as found from invitations where token_hash = encode(sha256(${token}), 'hex')`
    const kept = JSON.stringify([await sql`select * from invitations`, await sql`select * from journal`, await sql`select * from mails where sent_at is not null`, await sql`select * from submissions`])
    expect([row?.found, token.length, kept.includes(token)]).toEqual([1, 43, false])
  })

  it('is answered to a member of the company that asked: to the one who sent it, or, when they have left, to who is there', async () => {
    const answered = async () => {
      const token = await invited('minato', await supplierOf('minato'), { toEmail: `${randomUUID()}@supplier.example` })
      mails.length = 0
      await anybody.post(`/invitations/${token}/refusal`, once())
      await runJobs()
      return mails.map(mail => mail.to)
    }
    expect(await answered()).toEqual(['watanabe@minato-motors.example'])
    const buyerId = await buyerOf('minato'), newcomer = randomUUID()
    await sql`insert into people (id, email, name) values (${newcomer}, 'newcomer@minato-motors.example', '新任')`
    await sql`insert into member_invitations (id, buyer_id, to_email, sent_by, expires_at, answer, answered_at) values (gen_random_uuid(), ${buyerId}, 'newcomer@minato-motors.example', ${idOf('minato')}, now(), 'accepted', now())`
    const token = await invited('minato', await supplierOf('minato'), { toEmail: `${randomUUID()}@supplier.example` })
    await sql`insert into buyer_members (person_id, buyer_id) values (${newcomer}, ${buyerId})`
    const left = await sql`delete from buyer_members where person_id = ${idOf('minato')} returning *`
    mails.length = 0
    await anybody.post(`/invitations/${token}/refusal`, once())
    await runJobs()
    expect(mails.map(mail => mail.to)).toEqual(['newcomer@minato-motors.example'])
    await sql`insert into buyer_members ${sql(left)}`
    await sql`delete from buyer_members where person_id = ${newcomer}`
  })

  it('is only shown by GET, however often a mail scanner opens it', async () => {
    const supplierId = await supplierOf('minato'), token = await invited('minato', supplierId)
    for (let visit = 0; visit < 3; visit += 1) expect((await anybody.get(`/invitations/${token}`)).body).toMatchObject({ state: 'open', viewer: 'nobody', buyer: { nameJa: '湊自動車株式会社' } })
    expect((await page(supplierId)).invitation.state).toBe('open')
    expect([(await anybody.get(`/invitations/${'x'.repeat(43)}`)).status, (await anybody.get('/invitations/short')).status]).toEqual([404, 404])
  })

  it('is accepted by the employer alone, who comes back to it after signing in, and opens one word to the buyer', async () => {
    const supplierId = await supplierOf('minato'), token = await invited('minato', supplierId)
    expect((await page(supplierId)).progress).toBeNull()
    expect((await anybody.page(`/invitations/${token}`)).text).toContain(`/sign-in?next=/invitations/${token}`)
    expect([(await anybody.post(`/invitations/${token}/acceptance`, once())).status, (await as('hoshi').post(`/invitations/${token}/acceptance`, once())).status, (await as('sato').post(`/invitations/${token}/acceptance`, once())).status]).toEqual([401, 403, 403])
    expect((await accepted(token)).status).toBe(201)
    expect(await page(supplierId)).toMatchObject({ invitation: { state: 'accepted' }, progress: { step: 'not_applied', number: null }, acceptedBy: { nameJa: '山田プレス工業株式会社' } })
    await caseIn('clarifying')
    const { body } = await as('minato').get(`/suppliers/${supplierId}/invitation`)
    expect(body.progress).toEqual({ step: 'applied', number: null, standing: null, since: null, expiresOn: null })
    expect(JSON.stringify(body)).not.toMatch(/clarifying|応|毎月、記録|applicationId|employerId/)
    expect((await accepted(token)).body.code).toBe('invitation_over')
  })

  it('is declined without an account, once, and the same buyer does not ask again for half a year', async () => {
    const supplierId = await supplierOf('minato'), token = await invited('minato', supplierId, { toEmail: 'nein@supplier.example', terms: '全額' })
    const [one, other] = await Promise.all([anybody.post(`/invitations/${token}/refusal`, once()), anybody.post(`/invitations/${token}/refusal`, once())])
    expect([one.status, other.status].sort()).toEqual([201, 409])
    expect(await page(supplierId)).toMatchObject({ invitation: { state: 'declined' }, mayInvite: false, quietUntil: '2027-05-23', progress: null, mayOffer: false, sponsorship: { state: 'ended' } })
    const again = { toEmail: 'other@supplier.example', language: 'ja' }
    expect((await as('minato').post(`/suppliers/${supplierId}/invitation`, { ...again, ...once() })).body.code).toBe('invitation_declined')
    const sameAddress = await as('minato').post(`/suppliers/${await supplierOf('minato')}/invitation`, { toEmail: 'nein@supplier.example', language: 'ja', ...once() })
    expect(sameAddress.body.code).toBe('invitation_declined')
    await runJobs()
    expect(mails.at(-1)).toMatchObject({ to: 'watanabe@minato-motors.example', subject: '招待に返事がありました' })
  })

  it('is taken back, or renewed with another link while the old one is dead', async () => {
    const supplierId = await supplierOf('minato'), first = await invited('minato', supplierId)
    expect((await as('minato').post(`/suppliers/${supplierId}/invitation`, { toEmail: 'a@b.example', language: 'ja', ...once() })).body.code).toBe('already_exists')
    expect((await as('minato').post(`/suppliers/${supplierId}/invitation/reminder`, once())).body.code).toBe('reminded_lately')
    const before = clock.now
    clock.now = new Date(before.getTime() + 4 * 86_400_000)
    expect((await as('minato').post(`/suppliers/${supplierId}/invitation/reminder`, once())).status).toBe(201)
    const second = await tokenInMail()
    expect([(await anybody.get(`/invitations/${first}`)).status, (await anybody.get(`/invitations/${second}`)).body.state, (await page(supplierId)).invitation.mails]).toEqual([404, 'open', 2])
    expect((await as('minato').post(`/suppliers/${supplierId}/invitation/withdrawal`, once())).status).toBe(201)
    expect([(await anybody.get(`/invitations/${second}`)).body.state, (await accepted(second)).body.code]).toEqual(['taken_back', 'invitation_over'])
    clock.now = before
  })

  it('runs out, and can be sent anew', async () => {
    const supplierId = await supplierOf('minato'), token = await invited('minato', supplierId), before = clock.now
    await sql`update invitations set expires_at = ${new Date(before.getTime() - 1000).toISOString()} where supplier_id = ${supplierId}`
    expect([(await anybody.get(`/invitations/${token}`)).body.state, (await accepted(token)).status]).toEqual(['expired', 409])
    expect((await as('minato').post(`/suppliers/${supplierId}/invitation`, { toEmail: 'a@b.example', language: 'ja', ...once() })).status).toBe(201)
  })

  it.each([['toEmail', 'no address'], ['message', 'see https://evil.example'], ['message', 'EVIL．COM をご覧ください'], ['message', 'あ'.repeat(301)], ['terms', 'www.pay'], ['language', 'vi']])('is refused with %s %j, and what was typed stays', async (field, value) => {
    const supplierId = await supplierOf('minato')
    const answer = await as('minato').submit(`/suppliers/${supplierId}/invitation`, { toEmail: 'a@b.example', language: 'ja', message: '残る言葉', form: 'invite', ...once(), [field]: value })
    expect([answer.status, answer.text.includes(field === 'message' ? value.slice(0, 40) : '残る言葉')]).toEqual([422, true])
  })

  it('is not sent more often in a day than the limit, and tomorrow again', async () => {
    const supplierId = await supplierOf('hoshi'), buyerId = await buyerOf('hoshi'), invitation = await invitedByHoshi(supplierId)
    await db.insert(invitationMails).values(Array.from({ length: most_mails_a_day - 1 }, () => ({ invitationId: invitation, buyerId, sentBy: idOf('hoshi'), sentAt: clock.now })))
    const refused = await as('hoshi').post(`/suppliers/${await supplierOf('hoshi')}/invitation`, { toEmail: 'a@b.example', language: 'ja', ...once() })
    expect([refused.status, refused.body.code]).toEqual([429, 'invitations_used_up'])
    const before = clock.now
    clock.now = new Date(`${addDays('2026-11-24', 1)}T01:00:00Z`)
    expect((await as('hoshi').post(`/suppliers/${await supplierOf('hoshi')}/invitation`, { toEmail: 'a@b.example', language: 'ja', ...once() })).status).toBe(201)
    clock.now = before
  })
})

async function invitedByHoshi(supplierId: string): Promise<string> {
  return (await as('hoshi').post(`/suppliers/${supplierId}/invitation`, { toEmail: 'q@b.example', language: 'ja', ...once() })).body.id
}

describe('whose business it is', () => {
  it('another buyer finds nothing of it, and an employer only buyers that named themselves', async () => {
    const supplierId = await supplierOf('minato', { name: '森食品株式会社' }), watched = await supplierOf('hoshi', { name: '森食品株式会社' })
    await accepted(await invited('minato', supplierId, { toEmail: 'mori@mori-shokuhin.example' }), 'outsider')
    for (const path of [`/suppliers/${supplierId}/invitation`]) expect((await as('hoshi').get(path)).status).toBe(404)
    expect([(await as('hoshi').post(`/suppliers/${supplierId}/invitation/withdrawal`, once())).status, (await as('minato').get(`/suppliers/${watched}/invitation`)).status]).toEqual([404, 404])
    const { text } = await as('outsider').get('/employer/buyers')
    expect([text.includes('湊自動車'), text.includes('星電機')]).toEqual([true, false])
    expect((await as('yamada').get('/employer/buyers')).text).not.toContain('星電機')
  })

  it('writes nothing of the buyer’s doing beside the employer in the journal', async () => {
    const rows = await sql`select operation, application_id, employer_id, after from journal where actor_role = 'buyer'`
    expect([rows.length > 5, rows.filter(({ application_id, employer_id }) => application_id || employer_id), JSON.stringify(rows).includes('@')]).toEqual([true, [], false])
  })

  it('the employer ends the view, and the buyer sees no step from the next request on', async () => {
    const supplierId = await supplierOf('minato'), token = await invited('minato', supplierId)
    await accepted(token, 'outsider')
    expect((await page(supplierId)).progress.step).toBe('not_applied')
    const { body } = await as('outsider').get('/employer/buyers')
    const mine = body.invitations.find(({ state }: { state: string }) => state === 'accepted')
    expect((await as('yamada').post(`/employer/invitations/${mine.id}/ending`, once())).status).toBe(404)
    expect((await as('outsider').post(`/employer/invitations/${mine.id}/ending`, once())).status).toBe(201)
    expect(await page(supplierId)).toMatchObject({ invitation: { state: 'view_ended' }, progress: null })
    expect((await as('outsider').post(`/employer/invitations/${mine.id}/ending`, once())).status).toBe(404)
  })

  it('asks a person without a company to enter it first', async () => {
    const token = await invited('minato', await supplierOf('minato'))
    await sql`delete from memberships where person_id = ${idOf('outsider')}`
    expect([(await as('outsider').get(`/invitations/${token}`)).body.viewer, (await accepted(token, 'outsider')).body.code]).toEqual(['no_company', 'no_company_yet'])
  })

  it('lists what was sent, drawn and in words, and says what to do when nothing was', async () => {
    const { text } = await as('minato').page('/invitations')
    expect([text.includes('招待の一覧'), text.includes('class="bar bar--'), (await as('minato').page('/invitations', 'en')).text.includes('Invitations to suppliers')]).toEqual([true, true, true])
    for (const door of ['/sponsorships', '/audit-summaries', '/due-diligence']) expect([text.includes(`href="${door}"`), (await as('minato').page(door)).text.includes('href="/invitations"')]).toEqual([true, true])
    const fresh = await stage()
    expect((await fresh.as('minato').page('/invitations')).text).toContain('まだだれも招待していません')
  })
})

describe('the words that a buyer gets', () => {
  it('are one of three, and a draft, a refusal and a withdrawal look like nothing', () =>
    expect(Object.fromEntries(stages.map(stage => [stage, coarseStep(stage, false)]))).toEqual({
      draft: 'not_applied', returned: 'not_applied', declined: 'not_applied', refused: 'not_applied', withdrawn: 'not_applied', certified: 'not_applied',
      submitted: 'applied', accepted: 'applied', desk_review: 'applied', clarifying: 'applied', visit_planned: 'applied', correcting: 'applied', awaiting_decision: 'applied',
    }))

  it('tell the state of an invitation', () => {
    const now = new Date('2026-11-24T00:00:00Z'), open = { answer: null, takenBackAt: null, viewEndedAt: null, expiresAt: new Date('2026-12-24T00:00:00Z') }
    expect([open, { ...open, expiresAt: new Date(0) }, { ...open, takenBackAt: now }, { ...open, answer: 'accepted' as const }, { ...open, answer: 'declined' as const }, { ...open, answer: 'accepted' as const, viewEndedAt: now }].map(one => invitationState(one, now)))
      .toEqual(['open', 'expired', 'taken_back', 'accepted', 'declined', 'view_ended'])
  })

  it('know a link from a sentence', () => expect(['見てください http://a', 'www.a', 'evil.com', '三月。四月', '第2版.5'].map(hasLink)).toEqual([true, true, true, false, false]))
})

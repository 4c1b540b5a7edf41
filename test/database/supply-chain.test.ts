import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { casesOn } from '../support/cases.ts'
import { supplyOn } from '../support/supply.ts'
import { stage } from '../support/world.ts'

// Somebody with SQL in their hands tries to break what the supply chain side promises. Every attempt names the promise that stopped it.
const theatre = await stage()
const { idOf, world: { database: { sql } } } = theatre
const { buyerOf, supplierOf } = supplyOn(theatre)
const { caseIn, employerOf, anotherEmployer } = casesOn(theatre)

const attempt = async (run: () => Promise<unknown>): Promise<string> => run().then(() => 'went through', (error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)
const hash = () => randomUUID().replaceAll('-', '').repeat(2)

type Row = Partial<{ buyer: string; supplier: string; token: string; answer: string; employer: string | null; by: string | null }>
async function invitation({ buyer, supplier, token = hash(), answer, employer = null, by = null }: Row = {}): Promise<string> {
  const id = randomUUID()
  await sql`insert into invitations (id, buyer_id, supplier_id, to_email, locale, token_hash, sent_by, expires_at, answer, answered_at, answered_by, employer_id)
    values (${id}, ${buyer ?? await buyerOf('minato')}, ${supplier ?? await supplierOf('minato')}, 'x@x.example', 'ja', ${token}, ${idOf('minato')}, now(), ${answer ?? null}, ${answer ? new Date().toISOString() : null}, ${by}, ${employer})`
  return id
}
const acceptedBy = async (employer: string) => invitation({ answer: 'accepted', employer, by: idOf('yamada') })

async function sponsorship(employer: string, { accepted = true, offeredBy = idOf('minato') } = {}): Promise<string> {
  const id = randomUUID(), invitationId = await acceptedBy(employer)
  await sql`insert into sponsorships (id, buyer_id, invitation_id, terms, offered_by) values (${id}, ${await buyerOf('minato')}, ${invitationId}, 'all', ${offeredBy})`
  if (accepted) await sql`update sponsorships set answer = 'accepted', answered_at = now(), answered_by = ${idOf('yamada')}, employer_id = ${employer} where id = ${id}`
  return id
}
const tiedTo = async (id: string) => (await sql`select application_id from sponsorships where id = ${id}`)[0]?.application_id
const assign = (application: string, person: string, by = idOf('suzuki')) => sql`insert into assignments (id, application_id, person_id, part, assigned_by) values (${randomUUID()}, ${application}, ${person}, 'assessor', ${by})`
// Staff belong to no buyer at all (0014): that promise rests here, so that the one behind it is seen to hold by itself.
const join = async (person: string) => {
  const buyer = await buyerOf('minato')
  return sql.begin(async tx => {
    await tx.unsafe('alter table buyer_members disable trigger staff_belong_to_no_buyer, disable trigger whoever_is_a_member_has_said_yes')
    await tx`insert into buyer_members (person_id, buyer_id) values (${person}, ${buyer})`
    await tx.unsafe('alter table buyer_members enable always trigger staff_belong_to_no_buyer, enable always trigger whoever_is_a_member_has_said_yes')
  })
}
const leave = (person: string) => sql`delete from buyer_members where person_id = ${person}`

describe('an invitation', () => {
  it('goes to a supplier of one’s own list', async () => expect(await attempt(async () => invitation({ buyer: await buyerOf('hoshi'), supplier: await supplierOf('minato') }))).toBe('invitation_goes_to_an_own_supplier'))
  it('is open once per supplier', async () => {
    const supplier = await supplierOf('minato')
    await invitation({ supplier })
    expect(await attempt(() => invitation({ supplier }))).toBe('one_open_invitation_per_supplier')
  })
  it('keeps no token but its hash', async () => expect(await attempt(() => invitation({ token: 'a token that somebody could use' }))).toBe('invitation_token_is_hashed'))
  it('names an employer only when it was accepted, and by whom', async () => {
    expect(await attempt(async () => invitation({ employer: await employerOf('yamada') }))).toBe('accepted_invitation_has_its_employer')
    expect(await attempt(() => invitation({ answer: 'accepted' }))).toBe('accepted_invitation_has_its_employer')
    expect(await attempt(async () => invitation({ answer: 'accepted', employer: await employerOf('yamada') }))).toBe('accepted_invitation_has_its_employer')
  })
  it.each([
    ['answered again', 'update invitations set answer = \'declined\', employer_id = null where id = $1', 'invitation_is_answered_once'], ['given to another', 'update invitations set to_email = \'y@y.example\' where id = $1', 'invitation_is_kept'],
    ['removed', 'delete from invitations where id = $1', 'invitation_is_kept'], ['taken back after its answer', 'update invitations set taken_back_at = now() where id = $1', 'invitation_is_answered_once'],
    ['given to another employer', 'update invitations set employer_id = gen_random_uuid() where id = $1', 'invitation_is_answered_once'],
  ])('is not %s', async (_, statement, promise) => {
    const id = await acceptedBy(await employerOf('yamada'))
    expect(await attempt(() => sql.unsafe(statement, [id]))).toBe(promise)
  })
  it('has its view ended once, and not given back', async () => {
    const id = await acceptedBy(await employerOf('yamada'))
    await sql`update invitations set view_ended_at = now() + interval '1 minute', view_ended_by = ${idOf('yamada')} where id = ${id}`
    expect(await attempt(() => sql`update invitations set view_ended_at = null, view_ended_by = null where id = ${id}`)).toBe('invitation_is_answered_once')
  })
  it('keeps count of its mails', async () => {
    const id = await invitation()
    await sql`insert into invitation_mails (id, invitation_id, buyer_id, sent_by) values (${randomUUID()}, ${id}, ${await buyerOf('minato')}, ${idOf('minato')})`
    expect(await attempt(() => sql`delete from invitation_mails where invitation_id = ${id}`)).toMatch(/append-only|invitation_mails/)
    expect(await attempt(async () => sql`insert into invitation_mails (id, invitation_id, buyer_id, sent_by) values (${randomUUID()}, ${id}, ${await buyerOf('hoshi')}, ${idOf('hoshi')})`)).toBe('mail_is_of_an_own_invitation')
  })
})

describe('a grant', () => {
  const grant = async (employer: string) => {
    const id = randomUUID()
    await sql`insert into grants (id, employer_id, buyer_id, granted_by) values (${id}, ${employer}, ${await buyerOf('minato')}, ${idOf('yamada')})`
    return id
  }
  it('stands once at a time, ends once, and its history stays', async () => {
    const employer = await employerOf('yamada'), id = await grant(employer)
    expect(await attempt(() => grant(employer))).toBe('granted_once_at_a_time')
    expect(await attempt(async () => sql`update grants set buyer_id = ${await buyerOf('hoshi')} where id = ${id}`)).toBe('grant_is_kept')
    expect(await attempt(() => sql`update grants set withdrawn_at = now() where id = ${id}`)).toBe('withdrawn_grant_says_by_whom')
    await sql`update grants set withdrawn_at = now(), withdrawn_by = ${idOf('yamada')} where id = ${id}`
    expect(await attempt(() => sql`update grants set withdrawn_at = null, withdrawn_by = null where id = ${id}`)).toBe('grant_is_kept')
    expect(await attempt(() => sql`delete from grants where id = ${id}`)).toBe('grant_is_kept')
    expect(await attempt(() => grant(employer))).toBe('went through')
  })
})

describe('a sponsorship', () => {
  it('goes with the open application, else with the next one', async () => {
    const employer = await anotherEmployer('甲'), waiting = await sponsorship(employer)
    expect(await tiedTo(waiting)).toBeNull()
    const application = await caseIn('draft', 'outsider', employer)
    expect([await tiedTo(waiting), await tiedTo(await sponsorship(employer))]).toEqual([application, application])
    await sql`update applications set stage = 'withdrawn' where id = ${application}`
    const next = await caseIn('submitted', 'outsider', employer)
    expect(await tiedTo(waiting)).toBe(next) // withdrawn before it was handed in: not used
  })

  it('used, neither ends nor moves; before, it ends once', async () => {
    const employer = await anotherEmployer('乙'), application = await caseIn('submitted', 'outsider', employer), used = await sponsorship(employer)
    expect(await tiedTo(used)).toBe(application)
    expect(await attempt(() => sql`update sponsorships set ended_at = now(), ended_by = 'sponsor' where id = ${used}`)).toBe('used_sponsorship_stands')
    expect(await attempt(() => sql`update sponsorships set application_id = null where id = ${used}`)).toBe('sponsorship_is_kept')
    const other = await caseIn('draft', 'outsider', await anotherEmployer('丙'))
    expect(await attempt(() => sql`update sponsorships set application_id = ${other} where id = ${used}`)).toBe('used_sponsorship_stands')
    const open = await sponsorship(await anotherEmployer('丁'))
    expect(await attempt(() => sql`update sponsorships set application_id = ${other} where id = ${open}`)).toBe('sponsored_application_is_the_employers')
    await sql`update sponsorships set ended_at = now(), ended_by = 'employer' where id = ${open}`
    expect(await attempt(() => sql`update sponsorships set ended_at = null, ended_by = null where id = ${open}`)).toBe('sponsorship_is_kept')
    expect(await attempt(() => sql`delete from sponsorships where id = ${open}`)).toBe('sponsorship_is_kept')
    expect(await attempt(() => sql`update sponsorships set terms = 'less' where id = ${used}`)).toBe('sponsorship_is_kept')
  })

  it('is taken by the employer that accepted the invitation, and by no other', async () => {
    const id = await sponsorship(await anotherEmployer('戊'), { accepted: false })
    expect(await attempt(async () => sql`update sponsorships set answer = 'accepted', answered_at = now(), answered_by = ${idOf('yamada')}, employer_id = ${await employerOf('yamada')} where id = ${id}`)).toBe('sponsored_employer_accepted_the_invitation')
  })

  it('keeps the sponsor’s people from assessing, choosing, screening and deciding', async () => {
    const employer = await anotherEmployer('己'), application = await caseIn('awaiting_decision', 'outsider', employer)
    // a case that is awaiting its decision takes no sponsor any more: the tie is written as if it had been made in time
    const id = await sponsorship(employer)
    expect(await tiedTo(id)).toBeNull()
    await sql`update sponsorships set application_id = ${application} where id = ${id}`
    for (const person of ['tanaka', 'lee', 'suzuki'] as const) await join(idOf(person))
    const decide = () => sql`insert into decisions (id, application_id, outcome, reasons, dossier_sha256, decided_by) values (${randomUUID()}, ${application}, 'certify', 'r', 'x', ${idOf('tanaka')})`
    const screen = () => sql`insert into screenings (id, application_id, outcome, screened_by) values (${randomUUID()}, ${application}, 'accept', ${idOf('suzuki')})`
    expect([await attempt(() => assign(application, idOf('lee'), idOf('sato'))), await attempt(() => assign(application, idOf('sato'))), await attempt(screen), await attempt(decide)]).toEqual(['assessor_is_no_sponsor', 'sponsor_chooses_no_assessor', 'screener_is_no_sponsor', 'decider_took_no_part'])
    for (const person of ['tanaka', 'lee', 'suzuki'] as const) await leave(idOf(person))
    expect(await attempt(decide)).toBe('went through')
  })

  it('keeps whoever made the offer out, also after leaving the buyer', async () => {
    const employer = await anotherEmployer('庚'), application = await caseIn('accepted', 'outsider', employer)
    await sponsorship(employer, { offeredBy: idOf('lee') })
    expect(await attempt(() => assign(application, idOf('lee')))).toBe('assessor_is_no_sponsor')
  })

  it('is refused when somebody of the sponsor assesses already, and nobody who assessed joins the sponsor', async () => {
    const employer = await anotherEmployer('辛'), application = await caseIn('accepted', 'outsider', employer)
    await assign(application, idOf('lee'))
    await join(idOf('lee'))
    expect(await attempt(() => sponsorship(employer))).toBe('sponsor_took_no_part')
    await leave(idOf('lee'))
    expect(await attempt(() => sponsorship(employer))).toBe('went through')
    expect(await attempt(() => join(idOf('lee')))).toBe('sponsor_took_no_part')
  })

  it('and an assignment at the same moment: one of the two is refused', async () => {
    const employer = await anotherEmployer('壬'), application = await caseIn('accepted', 'outsider', employer), id = await sponsorship(employer, { accepted: false })
    await join(idOf('sato'))
    const outcomes = await Promise.all([attempt(() => assign(application, idOf('sato'))), attempt(() => sql`update sponsorships set answer = 'accepted', answered_at = now(), answered_by = ${idOf('yamada')}, employer_id = ${employer} where id = ${id}`)])
    expect(outcomes.filter(outcome => outcome === 'went through').length).toBe(1)
    await leave(idOf('sato'))
  })
})

describe('an export', () => {
  it('keeps what was checked, and its files', async () => {
    const exportId = randomUUID(), supplier = await supplierOf('minato')
    await sql`insert into due_diligence_exports (id, buyer_id, ordered_by, locale, period_from, period_to) values (${exportId}, ${await buyerOf('minato')}, ${idOf('minato')}, 'ja', '2026-01-01', '2026-11-24')`
    await sql`insert into due_diligence_lines (export_id, nth, supplier_id, name, country, tier, group_name) values (${exportId}, 1, ${supplier}, 'x', 'JP', 1, '')`
    expect(await attempt(() => sql`update due_diligence_lines set checked_at = now(), number = 'RE-JP-2026-000001-1-A' where export_id = ${exportId}`)).toBe('found_certificate_has_its_receipt')
    await sql`update due_diligence_lines set checked_at = now() where export_id = ${exportId}`
    expect([await attempt(() => sql`update due_diligence_lines set checked_at = null where export_id = ${exportId}`), await attempt(() => sql`delete from due_diligence_lines where export_id = ${exportId}`)]).toEqual(['checked_line_stands', 'checked_line_stands'])
    await sql`insert into due_diligence_files values (${exportId}, 'pdf', ${'k'.repeat(28)}, ${'a'.repeat(64)}, 1)`
    expect(await attempt(() => sql`update due_diligence_files set sha256 = 'x' where export_id = ${exportId}`)).not.toBe('went through')
  })
  it.each(['invitations', 'invitation_mails', 'sponsorships', 'grants', 'due_diligence_exports', 'due_diligence_lines', 'due_diligence_files'])('%s is never emptied', async table => expect(await attempt(() => sql.unsafe(`truncate ${table} cascade`))).not.toBe('went through'))
})

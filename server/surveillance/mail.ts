import { sql } from 'drizzle-orm'
import type { Db } from '../adapters/database.ts'
import type { VisitKind } from '../domain/surveillance.ts'
import { membersOf } from '../employers/queries.ts'
import { staffFor } from '../findings/mail.ts'
import { dateIn } from '../http/helpers.ts'
import { asLocale, translate } from '../http/locale.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import type { Visit, Watched } from './queries.ts'

type About = Pick<Watched, 'certificateId' | 'employerId' | 'number' | 'nameJa'>
type Planned = { visitId: string; kind: VisitKind; plannedOn: string; personId: string }

/** Who goes hears of every visit; the holder of an announced one only. */
export async function mailPlanned(tx: Db, about: About, { visitId, kind, plannedOn, personId }: Planned): Promise<void> {
  const [person] = await tx.execute<{ email: string; locale: string }>(sql`select email, locale from people where id = ${personId}`)
  if (person) {
    const locale = asLocale(person.locale)
    await enqueueMail(tx, {
      uniqueKey: `surveillance_assigned:${visitId}`, toEmail: person.email, locale, template: 'surveillance_assigned',
      params: { employer: about.nameJa, number: about.number, due: plannedOn, kind: translate(locale, `surveillance.kind_${kind}`), url: `/certificates/${about.certificateId}/surveillance` },
    })
  }
  if (kind === 'announced') await mailHolder(tx, about, { key: `${visitId}:planned`, happened: 'planned', day: plannedOn })
}

/** C6: the holder hears that a visit was held, and that an announced one was called off. Of one without notice that never came it hears nothing. */
export async function mailOutcome(tx: Db, about: About, { id, kind, plannedOn }: Pick<Visit, 'id' | 'kind' | 'plannedOn'>, outcome: { outcome: 'held'; onDay: string } | { outcome: 'called_off' }): Promise<void> {
  if (outcome.outcome === 'held') return mailHolder(tx, about, { key: `${id}:held`, happened: `held_${kind}`, day: outcome.onDay })
  if (kind === 'announced') await mailHolder(tx, about, { key: `${id}:called_off`, happened: 'called_off', day: plannedOn })
}

type Wished = { wishId: string; wishedOn: string; now: Date }

/** The secretariat hears of the holder's wish, but for whoever is tied to it (C3). */
export async function mailWish(tx: Db, { certificateId, applicationId, number, nameJa: employer }: Omit<About, 'employerId'> & { applicationId: string }, { wishId, wishedOn, now }: Wished): Promise<void> {
  for (const { id: personId, email, ...reader } of await staffFor(tx, applicationId, 'operator', now)) {
    const locale = asLocale(reader.locale)
    await enqueueMail(tx, { uniqueKey: `surveillance_wished:${wishId}:${personId}`, toEmail: email, locale, template: 'surveillance_wished', params: { employer, number, day: dateIn(locale, wishedOn), url: `/certificates/${certificateId}/surveillance` } })
  }
}

async function mailHolder(tx: Db, { employerId, number, nameJa: employer }: About, { key, happened, day }: { key: string; happened: string; day: string }) {
  for (const { email, personId, ...member } of await membersOf(tx, employerId)) {
    const locale = asLocale(member.locale)
    await enqueueMail(tx, { uniqueKey: `surveillance_told:${key}:${personId}`, toEmail: email, locale, template: 'surveillance_told', params: { employer, number, happened: translate(locale, `surveillance.told_${happened}`, { day: dateIn(locale, day) }), url: '/employer/certificates' } })
  }
}

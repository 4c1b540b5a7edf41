import type { Db } from '../adapters/database.ts'
import type { Case } from '../applications/case.ts'
import type { Condition } from '../domain/first-condition.ts'
import { membersOf } from '../employers/queries.ts'
import { asLocale, translate } from '../http/locale.ts'
import { enqueueMail } from '../mails/enqueue.ts'
import { standardById } from '../standard/queries.ts'

type Told = { outcome: 'certify' | 'refuse'; reasons: string; number: string | null; condition: Condition | null }

/** Tells every member of the employer, in their language. C6: a refusal carries its reasons and how to appeal. */
export async function mailDecision(tx: Db, { id, employerId, standardId, scope }: Case, { outcome, reasons, number, condition }: Told): Promise<void> {
  const { fileWithinDays } = (await standardById(tx, standardId)).content.grading.appeal
  for (const { email, personId, ...member } of await membersOf(tx, employerId)) {
    const locale = asLocale(member.locale)
    await enqueueMail(tx, {
      uniqueKey: `decided:${id}:${personId}`, toEmail: email, locale, template: 'decided', applicationId: id,
      params: {
        employer: scope?.nameJa ?? '', url: `/applications/${id}/decision`,
        result: translate(locale, condition ? 'decisions.mail_certify_condition' : `decisions.mail_${outcome}`, { reasons, number: number ?? '', days: fileWithinDays, condition: condition?.text ?? '', until: condition?.until ?? '' }),
      },
    })
  }
}

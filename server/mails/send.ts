import { readFileSync } from 'node:fs'
import { and, eq, isNull, sql } from 'drizzle-orm'
import Handlebars from 'handlebars'
import { applications } from '../../schema/applications.ts'
import { mails } from '../../schema/journal.ts'
import type { Mail } from '../adapters/mailer.ts'
import { within, type Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import type { Moment } from '../domain/finding-reminders.ts'
import { stillOverdue, stillOwed } from '../findings/remind.ts'
import { helpers } from '../http/helpers.ts'
import { asLocale, translate, type Params } from '../http/locale.ts'
import { changeStillWaits } from '../changes/remind.ts'
import { stillWaits } from '../oversight/remind.ts'
import { isStillDue } from '../surveillance/remind.ts'
import type { World } from '../world.ts'

/**
 * Job: sends one mail. The row stays locked while the server takes it, so a second run of the job waits and then finds it sent;
 * only a crash between the server's answer and the commit can send it twice. A code that has gone out is wiped from the row.
 */
export async function sendMail(world: World, mailId: string): Promise<void> {
  await within(world.database.db, async tx => {
    const [row] = await tx.select().from(mails).where(and(eq(mails.id, mailId), isNull(mails.sentAt), isNull(mails.droppedAt))).for('update')
    if (!row) return
    if (!await stillTrue(tx, row, world.now())) {
      await tx.update(mails).set({ droppedAt: world.now() }).where(eq(mails.id, mailId))
      return
    }
    await world.mailer.send(composeMail(row, { publicUrl: world.publicUrl, sample: world.signer.development }))
    await tx.update(mails).set({ sentAt: world.now(), attempts: row.attempts + 1, params: secret.includes(row.template) ? {} : row.params }).where(eq(mails.id, mailId))
  })
}

// A code and the link of an invitation open something: gone out, they are in the mail alone.
const secret = ['code', 'invited']

// A reminder is asked again at the moment of sending (peers.md i19): the stage it speaks of must still be the stage.
async function stillTrue(tx: Db, { template, applicationId, params }: typeof mails.$inferSelect, now: Date): Promise<boolean> {
  const today = japanDate(now)
  if (template === 'finding_due' && applicationId) return stillOwed(tx, applicationId, { owes: String(params.owes), due: String(params.due), moment: String(params.moment) as Moment }, now)
  if (template === 'finding_overdue' && applicationId) return stillOverdue(tx, applicationId, String(params.finding), now)
  if (template === 'remedy_due') return stillWaits(tx, String(params.remedy))
  if (template === 'change_due') return changeStillWaits(tx, String(params.change))
  if (template === 'surveillance_due') return isStillDue(tx, String(params.number), String(params.due), today)
  if (template !== 'due_soon' || !applicationId) return true
  const [row] = await tx.select({ same: sql<boolean>`${applications.stage}::text = ${String(params.stage)}` }).from(applications).where(eq(applications.id, applicationId))
  return row?.same ?? false
}

type Row = { toEmail: string; locale: string; template: string; params: Record<string, string | number> }
type Place = { publicUrl: string; sample: boolean }

const engine = Handlebars.create()
for (const [name, helper] of Object.entries(helpers((locale, key, params) => translate(locale, key, params as Params)))) engine.registerHelper(name, helper)
const frame = (name: string) => engine.compile(readFileSync(new URL(`../../templates/mail/${name}.hbs`, import.meta.url), 'utf8'))
const frames = { html: frame('html'), text: frame('text') }

/** Subject and body in the reader's language, as plain text and as a quiet HTML twin. */
export function composeMail({ toEmail, template, params, ...row }: Row, { publicUrl, sample }: Place): Mail {
  const locale = asLocale(row.locale)
  const words = { locale, template, params, link: params.url ? publicUrl + params.url : null, origin: publicUrl, sample }
  return { to: toEmail, subject: translate(locale, `mail.${template}_subject`, params), text: frames.text(words), html: frames.html(words) }
}

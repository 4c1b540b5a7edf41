import type { TaskList } from 'graphile-worker'
import { z } from 'zod'
import { withoutContent } from '../adapters/without-content.ts'
import { issueCertificate } from '../certificates/issue.ts'
import { prolong } from '../certificates/prolong.ts'
import { publishStatus } from '../credentials/status-list.ts'
import { reissue } from '../reissues/work.ts'
import { scanDocument } from '../documents/scan.ts'
import { exportDueDiligence } from '../due-diligence/work.ts'
import { auditLog } from '../log/audit.ts'
import { publishLog } from '../log/publish.ts'
import { stampCheckpoint } from '../log/stamp.ts'
import { dailyAlerts } from '../alerts/daily.ts'
import { tellWatchers } from '../alerts/tell.ts'
import { deliverWebhooks } from '../webhooks/deliver.ts'
import { actOnFindings } from '../findings/clock.ts'
import { actOnDeadlines } from '../standing-decisions/act-on-deadlines.ts'
import { reduceScope } from '../standing-decisions/reduce.ts'
import { checkList } from '../lists/check.ts'
import { turnDay } from '../register/turn-day.ts'
import { sendMail } from '../mails/send.ts'
import { settleArrived } from '../notebooks/settle-arrived.ts'
import type { World } from '../world.ts'
import type { JobName } from './enqueue.ts'
import { sweep } from './sweep.ts'

type Jobs = Record<JobName, (payload: unknown) => Promise<void>>

/** What each job does. Every one may run twice. */
export const tasks = (world: World): TaskList => quiet({
  send_mail: payload => sendMail(world, z.object({ mailId: z.uuid() }).parse(payload).mailId),
  scan_document: payload => scanDocument(world, z.object({ documentId: z.uuid() }).parse(payload).documentId),
  settle_arrived: payload => settleArrived(world, z.object({ applicationId: z.uuid() }).parse(payload).applicationId),
  issue_certificate: payload => issueCertificate(world, z.object({ certificateId: z.uuid() }).parse(payload).certificateId),
  publish_status: async () => void await publishStatus(world),
  publish_log: async () => {
    await publishLog(world)
    await stampCheckpoint(world)
  },
  audit_log: () => auditLog(world.database.db),
  reissue: payload => reissue(world, z.object({ reissueId: z.uuid() }).parse(payload).reissueId),
  prolong: () => prolong(world),
  check_list: payload => checkList(world, z.object({ listId: z.uuid() }).parse(payload).listId),
  tell_watchers: () => tellWatchers(world),
  daily_alerts: () => dailyAlerts(world),
  deliver_webhooks: () => deliverWebhooks(world),
  act_on_deadlines: async () => {
    await actOnDeadlines(world)
    await actOnFindings(world)
  },
  reduce_scope: payload => reduceScope(world, z.object({ certificateId: z.uuid() }).parse(payload).certificateId),
  turn_day: () => turnDay(world),
  export_due_diligence: payload => exportDueDiligence(world, z.object({ exportId: z.uuid() }).parse(payload).exportId),
  sweep: () => sweep(world),
} satisfies Jobs)

// What a job fails with goes to the log and stays beside the job: no value of a query, no address of a mail.
const quiet = (jobs: Jobs): TaskList => Object.fromEntries(Object.entries(jobs).map(([name, work]) => [name, async (payload: unknown) => {
  try {
    await work(payload)
  } catch (error) {
    const { type, message, stack = '' } = withoutContent(error)
    const told = type === 'Error' ? message : `${type}: ${message}` // the runner keeps this text alone: domain/job-problem.ts reads the class in it
    throw Object.assign(new Error(told), { name: type, stack: `${type}: ${message}\n${stack}` })
  }
}]))

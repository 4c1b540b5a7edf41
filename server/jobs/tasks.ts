import type { TaskList } from 'graphile-worker'
import { z } from 'zod'
import { issueCertificate } from '../certificates/issue.ts'
import { scanDocument } from '../documents/scan.ts'
import { sendMail } from '../mails/send.ts'
import type { World } from '../world.ts'
import type { JobName } from './enqueue.ts'
import { sweep } from './sweep.ts'

/** What each job does. Every one may run twice. */
export const tasks = (world: World): TaskList => ({
  send_mail: payload => sendMail(world, z.object({ mailId: z.uuid() }).parse(payload).mailId),
  scan_document: payload => scanDocument(world, z.object({ documentId: z.uuid() }).parse(payload).documentId),
  issue_certificate: payload => issueCertificate(world, z.object({ certificateId: z.uuid() }).parse(payload).certificateId),
  sweep: () => sweep(world),
} satisfies Record<JobName, (payload: unknown) => Promise<void>>)

import type { CertificateStatement } from '../../domain/statement.ts'
import { withPlaceholder, type Prepared } from '../signature/placeholder.ts'
import { drawCertificate } from './draw.ts'

/** `seal`: who signs, and how many bytes to keep free for the container; `checkpoint`: the log's latest signed note; `offlineCode`: the text of the second code. */
export type PageOptions = { at: Date; checkpoint: string | null; offlineCode: string | null; seal: { name: string; room: number } }

/** The page ready to be sealed. The same statement and options give the same bytes. */
export const prepareCertificate = async (statement: CertificateStatement, { at, seal }: PageOptions): Promise<Prepared> =>
  withPlaceholder(await drawCertificate(statement, at), { ...seal, at })

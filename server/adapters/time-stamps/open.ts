import { readFile } from 'node:fs/promises'
import { certificatesIn, crlsIn } from '../pem.ts'
import { developmentStamps } from '../development-authority.ts'
import type { TimeStamps } from '../time-stamps.ts'
import { answerAs } from './in-process.ts'
import { lineTo } from './over-http.ts'
import { timeStampsOver } from './request.ts'

const hour_ms = 3_600_000

export type TimeStampSettings = { dataDir: string; urls?: string[]; chainFile?: string | undefined; now?: () => Date }

/**
 * The authorities at `urls`, trusted through the certificates of `chainFile` (PEM: those between, the root; CRLs may follow), or without
 * addresses the development authority in this process, whose leaf stands under the development root.
 */
export async function openTimeStamps({ dataDir, urls = [], chainFile, now = () => new Date() }: TimeStampSettings): Promise<TimeStamps> {
  if (urls.length === 0) {
    const { key, certificate, root, crls } = await developmentStamps(dataDir)
    const line = { ask: async (request: Uint8Array) => answerAs({ key, certificate, now }, request), reachable: async () => undefined }
    return timeStampsOver([line], { root, chain: [], crls, development: true, now })
  }
  if (!chainFile) throw new Error('TSA_URL needs TSA_CHAIN_FILE: the certificates that its time stamps lead to')
  const pem = await readFile(chainFile, 'utf8')
  const certificates = certificatesIn(pem)
  const root = certificates.find(each => each.checkIssued(each) && each.verify(each.publicKey))
  if (!root) throw new Error(`${chainFile}: no root certificate in it`)
  const chain = certificates.filter(each => each !== root && each.ca).map(({ raw }) => raw)
  const stamps = await timeStampsOver(urls.map(url => lineTo(url)), { root: root.raw, chain, crls: crlsIn(pem), development: false, now })
  const reread = () => void readFile(chainFile, 'utf8').then(text => { stamps.crls = crlsIn(text) }, () => undefined) // what was read stays: health says when a list is overdue
  setInterval(reread, hour_ms).unref()
  return stamps
}

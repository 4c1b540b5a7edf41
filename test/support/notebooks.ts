import { createHash } from 'node:crypto'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'
import { v7 } from 'uuid'
import type { CastName } from '../../scripts/seed.ts'
import { versionText, type ItemVersion } from '../../server/domain/notebook.ts'
import type { stage as setStage } from './world.ts'

type Theatre = Awaited<ReturnType<typeof setStage>>
export type Phone = { who: CastName; device: string; applicationId: string }
export type Captured = { hash: string; version: ItemVersion }

export const hashed = (version: ItemVersion): Captured => ({ hash: createHash('sha256').update(versionText(version)).digest('hex'), version })

/** Phones as the page drives them: they capture by themselves and speak to the server over its routes. */
export function notebookOn({ as, clock }: Theatre) {
  /** A device of this person, with the audit taken out on it. */
  async function opened(who: CastName, applicationId: string): Promise<Phone> {
    const device = v7()
    const added = await as(who).post('/notebook/devices', { device, name: `${who}の電話` })
    if (added.status !== 201) throw new Error(added.text)
    const taken = await as(who).post(`/notebook/audits/${applicationId}`, { device })
    if (taken.status !== 201) throw new Error(taken.text)
    return { who, device, applicationId }
  }

  /** One version as this phone would capture it now. */
  const version = ({ device, applicationId }: Phone, change: Partial<ItemVersion> = {}): Captured => hashed({
    item: v7(), applicationId, kind: 'note', criterion: 'RE-06.1', place: '', content: { text: 'メモ' }, files: [], device, deviceAt: clock.now.toISOString(), over: [], previous: '', struck: false, ...change,
  })

  const sync = ({ who, device, applicationId }: Phone, versions: readonly { hash: string; version: unknown }[] = [], change: Record<string, unknown> = {}) =>
    as(who).post('/notebook/sync', { device, applicationId, sentAt: clock.now.toISOString(), waiting: versions.length, after: 0, versions, ...change })

  /** How each version of a call arrived, and why each other one was refused. */
  const outcomes = ({ body }: { body: { confirmed: { arrived: string }[]; refused: { reason: string }[] } }) => [body.confirmed.map(({ arrived }) => arrived), body.refused.map(({ reason }) => reason)]

  return { opened, version, sync, outcomes }
}

export type Sent = { status: number; offset: number; complete: string; body: unknown }

/** The same server over real HTTP: bytes are counted, connections are cut. */
export async function wireOn(theatre: Theatre) {
  const { app, cookieOf } = theatre, { sync } = notebookOn(theatre)
  await app.listen({ port: 0, host: '127.0.0.1' })
  afterAll(() => app.close())
  const { port } = app.server.address() as AddressInfo

  const speak = (phone: Phone, method: 'HEAD' | 'PUT', sha256: string, { bytes, offset = 0, length, cutAfter }: { bytes?: Uint8Array; offset?: number; length?: number; cutAfter?: number } = {}) => new Promise<Sent | null>((resolve, reject) => {
    const sent = request({ port, method, path: `/notebook/files/${phone.applicationId}/${sha256}?device=${phone.device}`, headers: {
      cookie: cookieOf(phone.who), origin: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, accept: 'application/json',
      ...(bytes ? { 'content-type': 'application/octet-stream', 'content-length': bytes.length, 'upload-offset': offset, 'upload-length': length ?? offset + bytes.length } : {}),
    } }, async reply => {
      let text = ''
      for await (const chunk of reply) text += chunk
      const { 'upload-offset': at, 'upload-complete': complete } = reply.headers
      resolve({ status: reply.statusCode ?? 0, offset: Number(at), complete: String(complete), body: text ? JSON.parse(text) : undefined })
    })
    sent.on('error', error => (cutAfter === undefined ? reject(error) : resolve(null)))
    if (cutAfter === undefined || !bytes) { sent.end(bytes); return }
    sent.write(bytes.subarray(0, cutAfter), () => setTimeout(() => sent.destroy(), 200)) // long enough to arrive
  })

  return {
    port,
    head: (phone: Phone, sha256: string) => speak(phone, 'HEAD', sha256) as Promise<Sent>,
    /** As the page does: it sends, and says that it has sent. */
    async put(phone: Phone, sha256: string, bytes: Uint8Array, at: { offset?: number; length?: number } = {}): Promise<Sent> {
      const sent = await speak(phone, 'PUT', sha256, { bytes, ...at }) as Sent
      if (sent.complete === '?1') await sync(phone)
      return sent
    },
    /** And dies before it says so. */
    putAndDie: (phone: Phone, sha256: string, bytes: Uint8Array) => speak(phone, 'PUT', sha256, { bytes }) as Promise<Sent>,
    cut: (phone: Phone, sha256: string, bytes: Uint8Array, after: number, offset = 0) => speak(phone, 'PUT', sha256, { bytes, cutAfter: after, offset }),
  }
}

export const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

import { createHash } from 'node:crypto'
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

  return { opened, version, sync }
}

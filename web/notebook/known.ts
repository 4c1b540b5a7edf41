import type { KnownVersion } from './capture.ts'
import { sealJson, unsealJson } from './sealing.ts'
import type { Notebook } from './store.ts'

/** All versions of one audit that this device knows, by hash. */
export async function readVersions({ db, key }: Notebook, audit: string): Promise<Map<string, KnownVersion>> {
  const records = await db.getAllFromIndex('versions', 'audit', audit)
  return new Map(await Promise.all(records.map(async ({ hash, sealed }) => [hash, await unsealJson<KnownVersion>(key, hash, sealed)] as const)))
}

export const sealedVersion = async ({ key }: Notebook, hash: string, known: KnownVersion) => ({ hash, audit: known.version.applicationId, sealed: await sealJson(key, hash, known) })

/** What was taken out of the office, and how far this device has read what the server has. */
export type KeptAudit<Bundle> = { bundle: Bundle; after: number; takenAt: string }

export async function readAudit<Bundle>({ db, key }: Notebook, audit: string): Promise<KeptAudit<Bundle> | null> {
  const sealed = await db.get('audits', audit)
  return sealed ? unsealJson<KeptAudit<Bundle>>(key, `audit/${audit}`, sealed) : null
}

export const writeAudit = async <Bundle>({ db, key }: Notebook, audit: string, kept: KeptAudit<Bundle>): Promise<void> => void await db.put('audits', await sealJson(key, `audit/${audit}`, kept), audit)

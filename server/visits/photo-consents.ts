import { sql } from 'drizzle-orm'
import { photoConsents } from '../../schema/photo-consents.ts'
import type { Db } from '../adapters/database.ts'
import { photoConsents as consents, isConsent, type photoAnswers } from '../domain/photo-consent.ts'

/** C34: what the assessor said of a photo that was just kept. No consent is no row: the photo stays out of reports. */
export async function keepConsent(tx: Db, applicationId: string, documentId: string, answer: (typeof photoAnswers)[number], { personId, now }: { personId: string; now: Date }): Promise<void> {
  if (isConsent(answer)) await tx.insert(photoConsents).values({ documentId, applicationId, consent: answer, saidBy: personId, saidAt: now })
}

/**
 * The same for photos that came home in a field notebook: of what landed, the original and the small copy, whichever of them came last. What was struck or corrected
 * meanwhile says nothing any more. Twice is no error.
 */
export async function keepLandedConsents(tx: Db, applicationId: string, now: Date): Promise<void> {
  await tx.execute(sql`
    with said as materialized ( -- step by step, by keys: joined as it pleases, Postgres compared each landing of a long day with each version
      select v.number, v.hash, v.application_id, v.content->>'consent' as consent, v.written_by, v.files from notebook_versions v
      where v.application_id = ${applicationId} and v.kind = 'photo' and not v.struck and v.content->>'consent' in ${[...consents]}
    ), waiting as materialized (
      select k.document_id as id, v.number, v.hash, v.application_id, v.consent, v.written_by
      from said v cross join lateral (select from notebook_landings l where l.application_id = v.application_id and l.hash = v.hash and l.landed = 'note' limit 1) landed
        cross join lateral jsonb_array_elements(v.files) n(file)
        cross join lateral (select f.document_id from notebook_files f where f.application_id = v.application_id and f.sha256 = n.file->>'sha256' limit 1) k
      where exists (select from documents d where d.id = k.document_id and d.purpose = 'photo' offset 0) and not exists (select from photo_consents p where p.document_id = k.document_id offset 0))
    insert into photo_consents (document_id, application_id, consent, said_by, said_at)
    select distinct on (id) id, application_id, consent, written_by, ${now.toISOString()}::timestamptz from waiting w
    where is_of_the_team(written_by, application_id, ${now.toISOString()}::timestamptz)
      and not exists (select from notebook_versions later where later.application_id = w.application_id and w.hash = any(later.over))
    order by id, number desc
    on conflict (document_id) do nothing`)
}

import { sql } from 'drizzle-orm'
import { photoConsents } from '../../schema/photo-consents.ts'
import type { Db } from '../adapters/database.ts'
import { namesOneOf } from '../notebooks/waiting.ts'
import { photoConsents as consents, isConsent, type photoAnswers } from '../domain/photo-consent.ts'

/** C34: what the assessor said of a photo that was just kept. No consent is no row: the photo stays out of reports. */
export async function keepConsent(tx: Db, applicationId: string, documentId: string, answer: (typeof photoAnswers)[number], { personId, now }: { personId: string; now: Date }): Promise<void> {
  if (isConsent(answer)) await tx.insert(photoConsents).values({ documentId, applicationId, consent: answer, saidBy: personId, saidAt: now })
}

/**
 * The same for photos that came home in a field notebook: of what landed, the original and the small copy, whichever of them came last. What was struck or corrected
 * meanwhile says nothing any more. `files`: only of what names one of these. Twice is no error.
 */
export async function keepLandedConsents(tx: Db, applicationId: string, now: Date, files?: readonly string[]): Promise<void> {
  await tx.execute(sql`
    with waiting as materialized ( -- few at a time: a day's photos come a few at once, and each coming asks
      select d.id, v.number, v.hash, v.application_id, v.content->>'consent' as consent, v.written_by
      from notebook_landings l join notebook_versions v on v.application_id = l.application_id and v.hash = l.hash
        cross join lateral jsonb_array_elements(v.files) n(file)
        join notebook_files k on k.application_id = v.application_id and k.sha256 = n.file->>'sha256'
        join documents d on d.id = k.document_id and d.purpose = 'photo'
      where l.application_id = ${applicationId} and l.landed = 'note' and v.kind = 'photo' and not v.struck and v.content->>'consent' in ${[...consents]}
        and not exists (select from photo_consents p where p.document_id = d.id)${files ? sql` and ${namesOneOf(sql`v.files`, files)}` : sql``})
    insert into photo_consents (document_id, application_id, consent, said_by, said_at)
    select distinct on (id) id, application_id, consent, written_by, ${now.toISOString()}::timestamptz from waiting w
    where is_of_the_team(written_by, application_id, ${now.toISOString()}::timestamptz)
      and not exists (select from notebook_versions later where later.application_id = w.application_id and w.hash = any(later.over))
    order by id, number desc
    on conflict (document_id) do nothing`)
}

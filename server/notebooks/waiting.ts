import { sql } from 'drizzle-orm'
import type { landings } from '../../schema/notebooks.ts'
import type { Db } from '../adapters/database.ts'

export type Waiting = { hash: string; item: string; kind: 'note' | 'photo' | 'interview'; criterion: string; content: unknown; struck: boolean; corrects: boolean; writtenBy: string; photoId: string | null; wanted: number; stopped: number }
export type Landed = { hash: string; landed: (typeof landings)[number]; noteId?: string; interviewId?: string }
export type When = { now: Date; requestId: string }

// Asked once for all versions: a day has hundreds.
const team = (applicationId: string, now: Date) => sql`select distinct person_id from assignments where application_id = ${applicationId} and is_of_the_team(person_id, application_id, ${now.toISOString()}::timestamptz)`

/** Whose items go to their lists: who left, or is tied by now, adds nothing to the case any more. */
export const teamOf = async (db: Db, applicationId: string, now: Date): Promise<ReadonlySet<string>> => new Set([...await db.execute<{ person_id: string }>(team(applicationId, now))].map(row => row.person_id))

/** What came home and has not landed, in the order in which it came. Of the team as it is now. `wanted`: how many originals a photo still waits for; a photo without an original goes with its small copy. */
export const waitingIn = async (tx: Db, applicationId: string, now: Date): Promise<Waiting[]> => [...await tx.execute<Waiting>(sql`
  with team as materialized (${team(applicationId, now)})
  select v.hash, v.item, v.kind, v.criterion, v.content, v.struck, cardinality(v.over) > 0 as corrects, v.written_by as "writtenBy", f."photoId", coalesce(f.wanted, 0)::int as wanted, coalesce(f.stopped, 0)::int as stopped
  from notebook_versions v left join lateral (
    select (array_agg(k.document_id order by n.file->>'part') filter (where k.document_id is not null))[1] as "photoId",
      count(*) filter (where k.sha256 is null) as wanted, count(*) filter (where k.refused is not null) as stopped
    from jsonb_array_elements(v.files) n(file) left join lateral (select * from notebook_files f where f.application_id = v.application_id and f.sha256 = n.file->>'sha256' limit 1) k on true -- by its key: joined freely, every version read all files of the day
    where n.file->>'part' = 'original' or not v.files @> '[{"part": "original"}]') f on true
  where v.application_id = ${applicationId} and v.arrived = 'merged' and v.kind in ('note', 'photo', 'interview') and v.written_by in (select person_id from team)
    and not exists (select from notebook_landings l where l.application_id = v.application_id and l.hash = v.hash)
  order by v.number`)]

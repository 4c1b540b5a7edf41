import { and, eq, inArray } from 'drizzle-orm'
import { answers, applications } from '../../schema/applications.ts'
import { documentCriteria, documents } from '../../schema/documents.ts'
import { newId } from '../../schema/shared.ts'
import type { Db } from '../adapters/database.ts'
import { standardById } from '../standard/queries.ts'

type Way = { from: string; to: string; personId: string; now: Date }

/**
 * Answers and evidence of the earlier case, as they were and with the day on which they were given: the age of each can be seen. Only for criteria
 * that are still asked in the same words; a document is the same file, so that its bytes and its hash stay what was assessed.
 */
export async function carryOver(tx: Db, { from, to, personId, now }: Way): Promise<{ answers: number; documents: number }> {
  const criteria = await unchangedCriteria(tx, from, to)
  const given = (await tx.select().from(answers).where(eq(answers.applicationId, from))).filter(({ criterion }) => criteria.has(criterion))
  if (given.length > 0) await tx.insert(answers).values(given.map(answer => ({ ...answer, applicationId: to, version: 1 })))
  const serves = (await tx.select().from(documentCriteria).where(eq(documentCriteria.applicationId, from))).filter(({ criterion }) => criteria.has(criterion))
  const ids = [...new Set(serves.map(({ documentId }) => documentId))]
  const kept = ids.length === 0 ? [] : await tx.select().from(documents).where(and(inArray(documents.id, ids), inArray(documents.scan, ['clean', 'unscanned']))) // nothing that was not found clean
  const carried = new Map(kept.map(({ id }) => [id, newId()]))
  if (kept.length > 0) await tx.insert(documents).values(kept.map(document => ({ ...document, id: carried.get(document.id) ?? newId(), applicationId: to, carriedFrom: document.id })))
  const links = serves.flatMap(({ documentId, criterion }) => { const id = carried.get(documentId); return id ? [{ documentId: id, applicationId: to, criterion, attachedBy: personId, attachedAt: now }] : [] })
  if (links.length > 0) await tx.insert(documentCriteria).values(links)
  return { answers: given.length, documents: kept.length }
}

async function unchangedCriteria(tx: Db, from: string, to: string): Promise<Set<string>> {
  const cases = await tx.select({ id: applications.id, standardId: applications.standardId }).from(applications).where(inArray(applications.id, [from, to]))
  const versions = async (id: string) => new Map((await standardById(tx, cases.find(one => one.id === id)?.standardId ?? '')).content.criteria.map(criterion => [criterion.id, criterion.version]))
  const [then, now] = [await versions(from), await versions(to)]
  return new Set([...now].filter(([id, version]) => then.get(id) === version).map(([id]) => id))
}

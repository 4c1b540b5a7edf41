import { asc, count, desc, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { people } from '../../schema/accounts.ts'
import { agreementSignatures } from '../../schema/agreements.ts'
import { answers, screenings } from '../../schema/applications.ts'
import { documentCriteria } from '../../schema/documents.ts'
import { completeness, type ScreeningPage } from '../../schema/screening-forms.ts'
import type { Db } from '../adapters/database.ts'
import { findCaseAs, headOf } from '../applications/case-as.ts'
import type { Case } from '../applications/case.ts'
import { criteriaFor } from '../applications/criteria.ts'
import { factsOf } from '../applications/facts.ts'
import { isRefusal, type Refusal } from '../domain/refusal.ts'
import { signsOfScope } from '../domain/screening.ts'
import type { Viewer } from '../http/viewer.ts'
import { standardById } from '../standard/queries.ts'
import { companyOf } from './company.ts'

type Page = z.infer<typeof ScreeningPage>

/** Everything the operator judges by: is it complete, is it in scope (C2). */
export async function screeningPage(db: Db, id: string, viewer: Viewer, now: Date): Promise<Page | Refusal> {
  const theCase = await findCaseAs(db, id, viewer, 'operator')
  if (isRefusal(theCase)) return theCase
  const sections = await sectionsOf(db, theCase, now)
  const facts = await factsOf(db, theCase, viewer.personId, now)
  return {
    application: headOf(theCase, now), open: theCase.stage === 'submitted',
    company: theCase.scope && companyOf(theCase.scope),
    checks: completeness.map(need => ({ need, holds: facts[need] })),
    signs: theCase.scope ? signsOfScope(theCase.scope) : [],
    agreements: await signedBy(db, theCase.employerId),
    sections, totals: totalsOf(sections),
    screenings: await screeningsOf(db, id),
  }
}

const signedBy = (db: Db, employerId: string) =>
  db.select({ kind: agreementSignatures.kind, version: agreementSignatures.version, signedAs: agreementSignatures.signedAs, signedAt: agreementSignatures.signedAt })
    .from(agreementSignatures).where(eq(agreementSignatures.employerId, employerId)).orderBy(asc(agreementSignatures.signedAt))

/** What was said before, newest first: the employer reads it too when an application comes back. */
export const screeningsOf = (db: Db, applicationId: string): Promise<Page['screenings']> =>
  db.select({ outcome: screenings.outcome, reasons: screenings.reasons, by: people.name, at: screenings.screenedAt })
    .from(screenings).innerJoin(people, eq(people.id, screenings.screenedBy)).where(eq(screenings.applicationId, applicationId)).orderBy(desc(screenings.screenedAt), desc(screenings.id))

async function sectionsOf(db: Db, theCase: Case, now: Date): Promise<Page['sections']> {
  const criteria = await criteriaFor(db, theCase, now)
  const { sections } = (await standardById(db, theCase.standardId)).content
  const given = new Map((await db.select({ criterion: answers.criterion, answer: answers.answer }).from(answers).where(eq(answers.applicationId, theCase.id)))
    .map(({ criterion, answer }) => [criterion, answer]))
  const attached = new Map((await db.select({ criterion: documentCriteria.criterion, documents: count(sql`distinct ${documentCriteria.documentId}`) })
    .from(documentCriteria).where(eq(documentCriteria.applicationId, theCase.id)).groupBy(documentCriteria.criterion)).map(({ criterion, documents }) => [criterion, documents]))
  return sections.flatMap(({ id, titleJa, titleEn }) => {
    const asked = criteria.filter(({ section }) => section === id).map(criterion => criterion.id)
    const answered = (value: string) => asked.filter(criterion => given.get(criterion) === value).length
    if (asked.length === 0) return []
    return [{
      id, titleJa, titleEn, criteria: asked.length, answered: asked.filter(criterion => given.get(criterion)).length, yes: answered('yes'), partly: answered('partly'), no: answered('no'),
      notApplicable: answered('not_applicable'), documents: asked.reduce((sum, criterion) => sum + (attached.get(criterion) ?? 0), 0),
    }]
  })
}

function totalsOf(sections: Page['sections']): Page['totals'] {
  const total = (key: keyof Page['totals']) => sections.reduce((sum, section) => sum + section[key], 0)
  return { criteria: total('criteria'), answered: total('answered'), yes: total('yes'), partly: total('partly'), no: total('no'), notApplicable: total('notApplicable'), documents: total('documents') }
}

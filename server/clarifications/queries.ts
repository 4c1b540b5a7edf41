import { and, asc, eq, type SQL } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { people } from '../../schema/accounts.ts'
import { clarifications } from '../../schema/assessments.ts'
import type { Db } from '../adapters/database.ts'

const repliers = alias(people, 'repliers')

const questionsWhere = (db: Db, where: SQL | undefined) =>
  db.select({
    id: clarifications.id, criterion: clarifications.criterion, question: clarifications.question, askedBy: clarifications.askedBy, by: people.name, askedAt: clarifications.askedAt,
    sentAt: clarifications.sentAt, reply: clarifications.reply, repliedBy: repliers.name, repliedAt: clarifications.repliedAt, closedAt: clarifications.closedAt,
  }).from(clarifications).innerJoin(people, eq(people.id, clarifications.askedBy)).leftJoin(repliers, eq(repliers.id, clarifications.repliedBy))
    .where(where).orderBy(asc(clarifications.askedAt), asc(clarifications.id))

/** All questions of a case, drafts too: the caller keeps drafts from the employer. */
export const questionsOf = (db: Db, applicationId: string) => questionsWhere(db, eq(clarifications.applicationId, applicationId))
export type Question = Awaited<ReturnType<typeof questionsOf>>[number]

export const questionsAbout = (db: Db, applicationId: string, criterion: string) =>
  questionsWhere(db, and(eq(clarifications.applicationId, applicationId), eq(clarifications.criterion, criterion)))

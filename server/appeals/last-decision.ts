import { sql } from 'drizzle-orm'
import { decisions } from '../../schema/decisions.ts'

/** The decision of a case that counts: no appeal against it has led to another. */
export const isLastDecision = sql`not exists (select from decisions anew join appeals lost on lost.id = anew.appeal_id where lost.decision_id = ${decisions.id})`

import { sql } from 'drizzle-orm'
import { interestDeclarations } from '../../schema/assessments.ts'

const { employed, paid, advised, trained, familyTie, financialTie } = interestDeclarations

/** C3: did the declaration, joined by the caller, name any tie? No declaration names none. */
export const isTied = sql<boolean>`coalesce(${employed} or ${paid} or ${advised} or ${trained} or ${familyTie} or ${financialTie}, false)`

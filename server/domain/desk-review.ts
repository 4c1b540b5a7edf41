import type { Stage } from './lifecycle.ts'

// What makes a criterion doubtful before it is rated: the assessor looks there first (ISO 19011 6.4.7: by risk).
export const doubts = ['said_no', 'said_partly', 'reply_to_read', 'document_missing', 'not_answered', 'said_not_applicable'] as const
export type Doubt = (typeof doubts)[number]

export type Claimed = {
  criticality: 'zero_tolerance' | 'major' | 'minor'
  answer: 'yes' | 'partly' | 'no' | 'not_applicable' | null
  needsDocument: boolean
  documents: number
  replyToRead: boolean
}

export function doubtsAbout({ answer, needsDocument, documents, replyToRead }: Claimed): Doubt[] {
  const holds: Record<Doubt, boolean> = {
    said_no: answer === 'no', said_partly: answer === 'partly', reply_to_read: replyToRead,
    document_missing: needsDocument && documents === 0 && (answer === 'yes' || answer === 'partly'), not_answered: answer === null, said_not_applicable: answer === 'not_applicable',
  }
  return doubts.filter(doubt => holds[doubt])
}

const weight = { zero_tolerance: 3, major: 2, minor: 1 }

/** The order of reading: the most doubtful first, among equals what weighs more, else the order of the standard. */
export function byDoubt(one: Claimed, other: Claimed): number {
  return rank(one) - rank(other) || weight[other.criticality] - weight[one.criticality]
}

const rank = (claimed: Claimed) => {
  const [first] = doubtsAbout(claimed)
  return first ? doubts.indexOf(first) : doubts.length
}

/** A rating may change until the visit is closed: what is seen on site counts more than paper. */
export const mayRateIn = (stage: Stage) => stage === 'desk_review' || stage === 'clarifying' || stage === 'visit_planned'

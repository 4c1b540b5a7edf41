import type { Stage } from './lifecycle.ts'

// A buyer asks, a supplier decides. Ours: no text that we follow sets these numbers.
export const invitation_days = 30
/** Mails of invitations that one buyer may send in a day of Japan: a purchasing department, not a mailing. */
export const most_mails_a_day = 100
/** Mails with which a buyer asks colleagues to join, in a day of Japan. */
export const most_member_mails_a_day = 30
/** After a no the same buyer does not ask this supplier again for so long. */
export const quiet_days = 180
/** Between two reminders of one invitation. */
export const reminder_days = 3

export const invitationStates = ['open', 'expired', 'taken_back', 'accepted', 'declined', 'view_ended'] as const
export type InvitationState = (typeof invitationStates)[number]
type Invitation = { answer: 'accepted' | 'declined' | null; takenBackAt: Date | null; viewEndedAt: Date | null; expiresAt: Date }

export function invitationState({ answer, takenBackAt, viewEndedAt, expiresAt }: Invitation, now: Date): InvitationState {
  if (viewEndedAt) return 'view_ended'
  if (answer) return answer
  if (takenBackAt) return 'taken_back'
  return now > expiresAt ? 'expired' : 'open'
}

export const coarseSteps = ['not_applied', 'applied', 'certified'] as const
export type CoarseStep = (typeof coarseSteps)[number]

/**
 * All that an inviting buyer is told of an application: is one under way. A draft is nobody's business, and a refused or withdrawn one looks
 * like none.
 */
export const coarseStep = (stage: Stage | null, certified: boolean): CoarseStep =>
  (certified ? 'certified' : stage !== null && underWay.includes(stage) ? 'applied' : 'not_applied')

const underWay: readonly Stage[] = ['submitted', 'accepted', 'desk_review', 'clarifying', 'visit_planned', 'correcting', 'awaiting_decision']

/** A mail of ours carries no other link than ours: nobody is led elsewhere under our name. */
export const hasLink = (text: string): boolean => /https?:|www\.|[\w-]+\.(?:com|net|org|jp|info|biz|io|xyz|top|cn|ru)\b/i.test(text.normalize('NFKC'))

import type { Stage } from './lifecycle.ts'

export const sponsorshipStates = ['offered', 'declined', 'accepted', 'used', 'ended'] as const
export type SponsorshipState = (typeof sponsorshipStates)[number]
export const sponsorshipSides = ['sponsor', 'employer'] as const
type Sponsorship = { answer: 'accepted' | 'declined' | null; endedAt: Date | null }

/** `submitted`: the application that it goes with was handed in. From then on the sponsorship is used, and stands. */
export function sponsorshipState({ answer, endedAt }: Sponsorship, submitted: boolean): SponsorshipState {
  if (endedAt) return 'ended'
  if (!answer) return 'offered'
  if (answer === 'declined') return 'declined'
  return submitted ? 'used' : 'accepted'
}

/** Either side may end it before it is used. */
export const mayEnd = (state: SponsorshipState): boolean => state === 'offered' || state === 'accepted'

export const sponsoredSteps = ['preparing', 'received', 'assessing', 'deciding', 'certified', 'refused', 'closed'] as const
export type SponsoredStep = (typeof sponsoredSteps)[number]

// What a sponsor is told of where the application stands. Coarser than the stages on purpose: whether questions were asked, or what was
// found and corrected, and for how long, is between employer and assessor.
const steps: Record<Stage, SponsoredStep> = {
  draft: 'preparing', returned: 'preparing', submitted: 'received', accepted: 'assessing', desk_review: 'assessing', clarifying: 'assessing',
  visit_planned: 'assessing', correcting: 'assessing', awaiting_decision: 'deciding', certified: 'certified', refused: 'refused', declined: 'closed', withdrawn: 'closed',
}
export const sponsoredStep = (stage: Stage | null): SponsoredStep => (stage ? steps[stage] : 'preparing')

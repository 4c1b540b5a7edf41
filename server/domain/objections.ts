import type { Stage } from './lifecycle.ts'

// C8, ISO/IEC 17021-1 9.2.3: the client hears who assesses and may object once, until the visit is over; later a complaint or an appeal is the way.
const open: readonly Stage[] = ['accepted', 'desk_review', 'clarifying', 'visit_planned']

export const mayObjectIn = (stage: Stage) => open.includes(stage)

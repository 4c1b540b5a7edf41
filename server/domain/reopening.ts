import type { Stage } from './lifecycle.ts'

/** May the employer change the answer or evidence of a criterion now? A clarification reopens only what was asked (peers.md EcoVadis 1). */
export function mayChangeAnswer(stage: Stage, criterion: string, reopened: ReadonlySet<string>): boolean {
  return stage === 'draft' || stage === 'returned' || (stage === 'clarifying' && reopened.has(criterion))
}

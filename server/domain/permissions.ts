import type { Role } from './roles.ts'

// Which roles a person holds in one application. Access follows membership and assignment, never the mere role of assessor.
export type Standing = {
  isMember: boolean          // belongs to the employer
  isOperator: boolean
  isAssigned: boolean        // assigned as assessor, assignment not ended, no declared interest
  isDecisionMaker: boolean
}

export const rolesHeld = (person: Standing): Role[] =>
  ([['applicant', person.isMember], ['operator', person.isOperator], ['assessor', person.isAssigned], ['decision_maker', person.isDecisionMaker]] as const)
    .filter(([, holds]) => holds).map(([role]) => role)

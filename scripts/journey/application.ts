import { contract, emergencyExit, hand, wageLedger, workRules } from './evidence.ts'
import { selfAssessed } from './findings.ts'
import type { Person } from './person.ts'
import { expectSame, expectThat, type Tell } from './telling.ts'

import type { FastifyReply } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Refusal, RefusalCode } from '../domain/refusal.ts'
import { isRefusal } from '../domain/refusal.ts'
import { isDatabaseAway } from '../adapters/database.ts'

/** Thrown only at the edge: an expected "no" on its way to the reader. */
export class Refused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.refused)
    this.refusal = refusal
  }
}

/** Passes a result on, or turns a refusal into the answer. */
export function orRefuse<T>(outcome: T | Refusal): T {
  if (isRefusal(outcome)) throw new Refused(outcome)
  return outcome as T
}

export type FieldError = { field: string; message: string }
export type Problem = { status: number; code: RefusalCode | 'bug'; missing: readonly string[]; params: Record<string, string | number>; errors: FieldError[] }

export const ProblemBody = z.object({
  type: z.string(), title: z.string(), status: z.number(), detail: z.string().optional(), code: z.string(),
  missing: z.array(z.string()).optional(), errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
})

// One table from "no" to HTTP. Everything not named here is 409: the request was understood, the case does not allow it.
const statusOf: Partial<Record<RefusalCode, number>> = {
  not_found: 404, number_unknown: 404, number_malformed: 400, number_mistyped: 400, day_unusable: 422, not_signed_in: 401, code_wrong: 422, code_expired: 422,
  not_your_role: 403, second_factor_needed: 403, not_your_step: 403, not_independent: 403, has_interest: 403, was_objected_to: 403, interests_not_declared: 403, cross_site: 403,
  invalid: 422, too_many_requests: 429, file_too_large: 413, file_truncated: 422, file_missing: 422, file_empty: 422, file_kind_not_allowed: 415, file_range: 416,
  file_mislabelled: 415, file_encrypted: 422, file_executable: 415, file_name_unusable: 422, list_encoding: 422, scope_missing: 403, webhook_address: 422, webhook_private: 422, list_kind: 415, list_too_long_for_sheet: 422, glyphs_missing: 422,
  invitations_used_up: 429, buyer_code_unknown: 422, complaint_code_unknown: 422, device_wiped: 410, upload_differs: 422,
  storage_unavailable: 503, signer_unavailable: 503, database_unavailable: 503, overdue: 503,
}

/** What an error means to the one who asked. Anything unknown is a bug: 500, logged in full, told in one sentence. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refused) return refused(error.refusal)
  if (hasZodFastifySchemaValidationErrors(error)) {
    const context = (error as { validationContext?: string }).validationContext
    if (context === 'params') return refused({ refused: 'not_found' }) // an id that cannot be one names nothing
    return { ...refused({ refused: 'invalid' }), errors: error.validation.map(fieldError) }
  }
  if (isDatabaseAway(error)) return refused({ refused: 'database_unavailable' })
  const { statusCode, name, code } = error as { statusCode?: number; name?: string; code?: string }
  if (/^(SignerUnavailable|SignerLimited|KeyNotInUse|TimeStampUnavailable)$/.test(name ?? '')) return refused({ refused: 'signer_unavailable' })
  if (name === 'StorageUnavailable') return refused({ refused: 'storage_unavailable' })
  if (name === 'DocumentMissing') return refused({ refused: 'not_found' })
  if (code === 'FST_REQ_FILE_TOO_LARGE' || statusCode === 413) return refused({ refused: 'file_too_large' })
  if (statusCode === 429) return refused({ refused: 'too_many_requests' })
  if (statusCode === 404) return refused({ refused: 'not_found' })
  if (statusCode && statusCode >= 400 && statusCode < 500) return { ...refused({ refused: 'invalid' }), status: statusCode }
  return { status: 500, code: 'bug', missing: [], params: {}, errors: [] }
}

/** RFC 9457. */
export function asProblemBody(problem: Problem, title: string): z.infer<typeof ProblemBody> {
  return {
    type: `/problems#${problem.code}`, title, status: problem.status, code: problem.code,
    ...(problem.missing.length > 0 ? { missing: [...problem.missing] } : {}), ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
  }
}

/** 503 says when to come back; what passes soon is not kept by caches either. */
export function retryHeaders(reply: FastifyReply, status: number) {
  if (status >= 500 || status === 429) void reply.header('cache-control', 'no-store')
  if (status === 503) void reply.header('retry-after', '5')
}

const refused = (refusal: Refusal): Problem =>
  ({ status: statusOf[refusal.refused] ?? 409, code: refusal.refused, missing: refusal.missing ?? [], params: refusal.params ?? {}, errors: [] })

type ZodFault = { instancePath: string; keyword: string; message?: string; params?: { issue?: z.core.$ZodIssue } }

// The message is a key of locales/*/problems.json: our own checks name theirs, zod's are told by their kind.
function fieldError(fault: ZodFault): FieldError {
  const field = fault.instancePath.split('/').filter(Boolean).join('.')
  const { code, message } = { code: fault.keyword, message: fault.message ?? '' }
  const own = /^field_\w+$/.test(message) ? message : ({ too_small: 'field_too_small', too_big: 'field_too_big', invalid_type: 'field_missing', invalid_format: 'field_format' }[code] ?? 'field_invalid')
  return { field, message: own }
}

// Every reason to say no, in one closed list. The shell turns a code into a status and a sentence (server/http/problems.ts).
export const refusalCodes = [
  'not_found', 'not_signed_in', 'not_your_role', 'second_factor_needed', 'not_your_step', 'no_such_step', 'needs',
  'not_independent', 'has_interest', 'was_objected_to', 'interests_not_declared', 'already_decided', 'stale', 'closed_for_changes', 'one_open_application', 'already_exists', 'corporate_number_taken', 'corporate_number_kept', 'tie_before_told',
  'cross_site', 'invalid', 'too_many_requests', 'code_wrong', 'code_expired',
  'number_malformed', 'number_mistyped', 'number_unknown', 'day_unusable', 'days_out_of_reach',
  'file_missing', 'file_empty', 'file_too_large', 'file_truncated', 'file_kind_not_allowed', 'file_mislabelled', 'file_encrypted',
  'file_executable', 'file_name_unusable', 'file_not_scanned', 'file_infected', 'file_range',
  'member_elsewhere', 'last_member', 'scope_missing', 'webhook_address', 'webhook_private', 'nothing_to_change', 'list_encoding', 'list_kind', 'list_too_long_for_sheet',
  'glyphs_missing', 'nothing_to_reissue', 'storage_unavailable', 'signer_unavailable', 'database_unavailable', 'overdue',
  'invitation_over', 'invitation_declined', 'member_declined', 'invitations_used_up', 'reminded_lately', 'no_company_yet', 'sponsor_not_independent', 'sponsorship_used', 'buyer_code_unknown',
  'no_suppliers', 'export_running', 'appeal_too_late', 'complaint_code_unknown', 'device_wiped', 'upload_offset', 'upload_differs',
] as const

export type RefusalCode = (typeof refusalCodes)[number]

/** An expected "no". `missing` names unmet needs; `params` fill the sentence. */
export type Refusal = { refused: RefusalCode; missing?: readonly string[]; params?: Record<string, string | number> }

export const isRefusal = (outcome: unknown): outcome is Refusal =>
  typeof outcome === 'object' && outcome !== null && 'refused' in outcome

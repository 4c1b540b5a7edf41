/** What a job that failed waits for, as people are told: never with the words of the error. */
export const jobProblems = ['time_stamp', 'signer', 'storage', 'key', 'other'] as const
export type JobProblem = (typeof jobProblems)[number]

const classes: Record<string, JobProblem> = {
  TimeStampUnavailable: 'time_stamp', SignerUnavailable: 'signer', SignerLimited: 'signer', SignerRefused: 'signer', StorageUnavailable: 'storage',
  KeyNotInUse: 'key', KeyUnusable: 'key',
}

/** `lastError` as the job runner keeps it: the class of the error, a colon, its message. null: it has not failed yet. */
export function jobProblem(lastError: string | null): JobProblem | null {
  return lastError === null ? null : classes[lastError.split(':', 1)[0] ?? ''] ?? 'other'
}

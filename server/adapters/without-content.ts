type Raised = { name?: unknown; message?: unknown; stack?: unknown; code?: unknown; constraint_name?: unknown; responseCode?: unknown; cause?: unknown }
export type Told = { type: string; message: string; code?: string; constraint?: string; stack?: string; cause?: Told }

/**
 * An error as a log may hold it: what went wrong and where, never with which words. A failed query carries its values in its text, a
 * refused mail its address; both are told by their codes alone.
 */
export function withoutContent(error: unknown): Told {
  const { name, message, stack, code, constraint_name: constraint, responseCode, cause } = (typeof error === 'object' && error !== null ? error : {}) as Raised
  const carriesValues = isSqlState(code) || responseCode !== undefined
  const said = carriesValues ? [code, responseCode].filter(Boolean).join(' ') : String(message ?? typeof error).split('\nparams:')[0] ?? ''
  return {
    type: String(name ?? typeof error), message: said,
    ...(code ? { code: String(code) } : {}), ...(constraint ? { constraint: String(constraint) } : {}),
    ...(typeof stack === 'string' ? { stack: stack.split('\n').filter(line => /^\s+at /.test(line)).join('\n') } : {}),
    ...(cause ? { cause: withoutContent(cause) } : {}),
  }
}

const isSqlState = (code: unknown) => typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)

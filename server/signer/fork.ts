import type { Logger } from 'pino'
import { keepAlive, type Kept } from '../adapters/kept-child.ts'

const none = { DATABASE_URL: '', S3_ACCESS_KEY: '', S3_SECRET_KEY: '', SMTP_URL: '', TSA_URL: '' } // secrets that are none of the signer's business

/** The signer as a child of this process, started again when it dies. `listening` rejects when it dies before it ever listened: then its keys are at fault. */
export function forkSigner(env: Record<string, string>, logger: Logger): Kept & { listening: Promise<void> } {
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>()
  listening.catch(() => undefined) // whoever awaits it hears of it
  const kept = keepAlive(new URL('./main.ts', import.meta.url), { ...none, ...env }, {
    onMessage: () => resolve(),
    onDeath(code) {
      logger.warn({ code }, 'the signer died; another starts')
      reject(new Error('the signer could not open its keys (see the line above)'))
    },
  })
  return { ...kept, listening }
}

import path from 'node:path'
import type { Config } from './config.ts'
import { connect } from './adapters/database.ts'
import { diskDocuments } from './adapters/disk-documents.ts'
import { smtpMailer } from './adapters/mailer.ts'
import { outbound } from './adapters/outbound.ts'
import { s3Documents } from './adapters/s3-documents.ts'
import { clamdScanner, noScanner, stubScanner } from './adapters/scanner.ts'
import { diskSpool } from './adapters/spool.ts'
import { connectSigner } from './adapters/signer/remote.ts'
import { openTimeStamps } from './adapters/time-stamps/open.ts'
import type { World } from './world.ts'

/** The outside world as the configuration describes it: for the server and for the job runner alike. */
export async function openWorld(config: Config): Promise<World> {
  const { databaseUrl, smtpUrl, signerSocket } = config
  if (!databaseUrl || !smtpUrl || !signerSocket) throw new Error('openWorld needs a database, a mail server and a signer: main.ts supplies the embedded ones')
  const { signer, credentialKey, logKey } = await connectSigner(signerSocket)
  if (config.production && signer.development) throw new Error(`${signerSocket}: the signer there seals with a development key, which production must not`)
  return {
    database: connect(databaseUrl),
    documents: config.s3 ? s3Documents(config.s3) : diskDocuments(path.join(config.dataDir, 'documents')),
    spool: diskSpool(path.join(config.dataDir, 'spool')),
    scanner: !config.scan ? noScanner() : config.clamd ? clamdScanner(config.clamd) : stubScanner(),
    signer, credentialKey, logKey,
    timeStamps: await openTimeStamps({ dataDir: config.dataDir, ...config.timeStamps }),
    sealProfile: config.sealProfile,
    outbound: outbound({ privateTargets: config.webhookPrivateTargets }),
    mailer: smtpMailer(smtpUrl, config.mailFrom),
    now: () => new Date(),
    publicUrl: config.publicUrl ?? `http://${config.host === '0.0.0.0' ? 'localhost' : config.host}:${config.port}`,
    uploadLimitBytes: config.uploadLimitBytes,
    trustProxy: config.trustProxy,
    development: !config.production,
  }
}

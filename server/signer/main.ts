import path from 'node:path'
import pino from 'pino'
import { endWithKeeper } from '../adapters/kept-child.ts'
import { openKeys } from '../adapters/keys.ts'
import { listsNow, openSigner } from '../adapters/signer.ts'
import { ConfigError, readSignerConfig } from '../config.ts'
import { openLedger } from './ledger.ts'
import { serveOn } from './serve.ts'
import { signing } from './sign.ts'

// The signer: a process of its own that alone opens the keys, signs only what the rules know, and writes down what it signed. The web
// server and the job runner ask it over a Unix socket. Forked by main.ts, or run separately: `npm run signer`.
const hour_ms = 3_600_000
let stop: () => void = () => process.exit(0) // nothing is open yet
endWithKeeper(() => stop())

try {
  await start()
} catch (error) {
  console.error(error instanceof ConfigError ? error.faults.map(fault => `akashi signer: ${fault}`).join('\n') : `akashi signer: ${error instanceof Error ? error.message : error}`)
  process.exit(1)
}

async function start() {
  const { dataDir, socket, signer, perMinute, logLevel } = readSignerConfig(process.env)
  const logger = pino({ level: logLevel, base: { process: 'signer' } })
  const keys = { signer: await openSigner({ dataDir, ...signer }), ...await openKeys(dataDir) }
  const onBroken = (error: unknown) => {
    logger.error({ reason: error instanceof Error ? error.message : String(error) }, 'the signer stops: it can no longer write its ledger, or failed')
    process.exit(1) // whoever keeps it alive starts it again, and it reads its ledger anew
  }
  // The socket first: while it is ours, nobody else has the ledger open.
  const { promise: door, resolve: openDoor } = Promise.withResolvers<ReturnType<typeof signing>>()
  const server = await serveOn(socket, { keys, sign: async (ask, data) => (await door)(ask, data), logger, onBroken })
  const ledger = await openLedger(path.join(dataDir, 'signer', 'ledger.ndjson'))
  openDoor(signing(keys, ledger, perMinute))
  logger.info({ keyId: keys.signer.keyId, signed: ledger.count }, 'the signer listens')
  setInterval(() => void listsNow({ dataDir, ...signer }).then(lists => { if (lists) keys.signer.crls = lists }, error => logger.warn({ reason: String(error) }, 'the lists could not be read again')), hour_ms)
  stop = () => {
    server.close()
    void ledger.close().finally(() => process.exit(0))
  }
  process.on('SIGTERM', stop).on('SIGINT', process.send ? () => undefined : stop)
  process.send?.({ listening: socket })
}

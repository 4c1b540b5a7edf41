import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { openSigner, type Signer } from '../../server/adapters/signer.ts'
import { openTimeStamps } from '../../server/adapters/time-stamps/open.ts'
import { drawCertificate } from '../../server/certificates/pdf/draw.ts'
import { prepareCertificate } from '../../server/certificates/pdf/prepare.ts'
import { sealCertificate, sealSlot } from '../../server/certificates/signature/seal.ts'
import type { CertificateStatement } from '../../server/domain/statement.ts'
import { checkSealed } from '../../server/proof/seal/check.ts'
import { benchStatement } from './statement.ts'
import { byTurns, type Measured } from './row.ts'

const [rounds, certificates, atOnce] = [5, 40, 4]

/** Whole certificates, sealed B-T and checked, in this one process; against plain pdf-lib drawing the same page, and against the key alone. */
export async function issuing(tell: (line: string) => void): Promise<Measured[]> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'akashi-bench-'))
  const signer = await openSigner({ dataDir })
  const timeStamps = await openTimeStamps({ dataDir })
  const key = createPrivateKey(generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey.export({ format: 'pem', type: 'pkcs8' }))
  const signAsync = promisify<string, Uint8Array, typeof key, Buffer>(sign)
  let serial = 0
  const next = (): CertificateStatement => {
    serial += 1
    return { ...benchStatement, number: `RE-JP-2026-${String(serial).padStart(6, '0')}-1-G`, holder: { ...benchStatement.holder, nameJa: `髙橋プレス第${serial}工場㈱` } }
  }
  const work = {
    sealed: async () => {
      const statement = next()
      const at = new Date()
      const page = await prepareCertificate(statement, { at, checkpoint: sampleNote, offlineCode: codeOf(statement), seal: sealSlot(signer, timeStamps) })
      const sealed = await sealCertificate(page, signer, timeStamps, at)
      if (Object.values(await checkSealed(sealed, signer.root, timeStamps.root)).some(verdict => verdict !== 'passed')) throw new Error('our own check refuses what was sealed')
    },
    drawn: async () => void await drawCertificate(next(), new Date(), codeOf(benchStatement)),
    keyAlone: async () => void await signAsync('sha256', Buffer.alloc(200, serial), key),
  }
  tell(`${rounds} rounds of ${certificates} certificates, ${atOnce} in flight`)
  for (const once of Object.values(work)) await rate(once, 8)
  const rates = await byTurns(rounds, { drawn: () => rate(work.drawn), keyAlone: () => rate(work.keyAlone, 400), sealed: () => rate(work.sealed) })
  await rm(dataDir, { recursive: true })
  return [
    { name: 'issuing: drawn, sealed B-T with an RSA-3072 key, time stamp in the process, checked', value: rates.sealed, unit: 'certificates/s', reference: { name: 'plain pdf-lib, same page, unsigned', value: rates.drawn }, bar: 3 },
    { name: 'issuing, the same', value: rates.sealed, unit: 'certificates/s', reference: { name: keyName(signer), value: rates.keyAlone }, bar: null },
  ]
}

const keyName = ({ algorithm }: Signer) => `raw ${algorithm === 'RS256' ? 'RSA-3072' : 'P-256'} private-key operations/s`

async function rate(work: () => Promise<void>, times = certificates): Promise<number> {
  let left = times
  const begun = performance.now()
  await Promise.all(Array.from({ length: atOnce }, async () => { while (left-- > 0) await work() }))
  return times / ((performance.now() - begun) / 1000)
}

const sampleNote = `akashi.example.jp/log\n100000\n${'A'.repeat(43)}=\n\n— akashi.example.jp/log ${'A'.repeat(92)}\n`

// As long as a real one: both writers draw the same page.
const codeOf = ({ verifyUrl }: CertificateStatement) => `${verifyUrl}#${'A'.repeat(220)}`

import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { StorageUnavailable } from '../../server/adapters/documents.ts'
import { publishLog } from '../../server/log/publish.ts'
import { keyIn } from '../../server/proof/did.ts'
import { openCheckpoint } from '../../server/proof/checkpoint.ts'
import { fromBase64 } from '../../server/proof/base64.ts'
import { isIncluded, leafHash } from '../../server/proof/merkle.ts'
import { readKey } from '../../server/proof/note.ts'
import { readProof } from '../../server/proof/receipt.ts'
import { logLinesOn } from '../support/log-lines.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

const theatre = await stage()
const { anybody, world, clock, runJobs } = theatre
const { issued, awaiting, decisionOn } = sealedFilesOn(theatre)
const { happens, sizeNow, behindTheBack } = logLinesOn(theatre)
const { number } = await issued(), { number: other } = await issued({ nameJa: '別の会社' })
const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex')

async function asked(query = '', of = number) {
  const answer = await anybody.get(`/c/${of}/proof.json${query}`)
  const read = readProof(answer.text)
  if (!read) throw new Error(`${answer.status}: ${answer.text}`)
  const { text: did } = await anybody.get('/.well-known/did.json')
  const key = keyIn(did, read.signed.kid)
  return { ...answer, ...read, did, holds: key !== undefined && read.signed.isSignedBy(key) }
}

describe('the proof of a standing', () => {
  it('is a readable document, signed by the issuer, about the present file, with keys and lines', async () => {
    const { proof, holds, headers, did, text } = await asked()
    expect(holds).toBe(true)
    expect(proof).toMatchObject({
      type: 'akashi-proof', number, on: '2026-11-24', askedAt: clock.now.toISOString(), standing: { is: 'certified', since: '2026-11-24', reasonClass: null }, validity: { from: '2026-11-24', until: '2029-11-23' }, file: null,
      keys: { did: 'did:web:akashi.test', didSha256: sha256(did), rootSha256: sha256(world.signer.root), timeStampRootSha256: sha256(world.timeStamps.root) },
    })
    expect(proof.says.en).toBe(`As asked on 2026-11-24: on 2026-11-24 the certificate ${number} was "Valid" (since 2026-11-24).`)
    expect(proof.says.ja).toContain('「有効」')
    const pdf = await anybody.get(`/c/${number}`)
    expect(proof.current.sha256).toBe(pdf.body.sha256)
    expect([text.includes('\n  "number": '), headers['cache-control'], headers['content-type'], headers['content-disposition']]).toEqual([true, 'no-store', 'application/json; charset=utf-8', undefined])
  })

  it('shows each of its lines in a checkpoint that the log’s key signed', async () => {
    const { proof } = await asked()
    const key = readKey(proof.log.key), checkpoint = key && openCheckpoint(proof.log.checkpoint, key)
    if (!checkpoint) throw new Error('no checkpoint')
    const included = proof.lines.map(({ line, path }) => isIncluded({ index: JSON.parse(line).seq, size: checkpoint.size, leaf: leafHash(line), path: path.map(hash => fromBase64(hash) ?? new Uint8Array()), root: checkpoint.root }))
    expect(included).toEqual([true])
  })

  it('is offered under the number as a file', async () => expect((await asked('?download')).headers['content-disposition']).toContain(`attachment; filename="${number}-proof.json"`))

  it('finds a number that was typed otherwise', async () => expect((await asked('', number.toLowerCase().replaceAll('-', ''))).proof.number).toBe(number))
})

describe('with a file in hand', () => {
  it('says what it is worth: the present edition, or none of ours', async () => {
    const { body: { sha256: ours } } = await anybody.get(`/c/${number}`)
    const [own, foreign] = [await asked(`?file=${ours}`), await asked(`?file=${'0'.repeat(64)}`)]
    expect([own.proof.file, foreign.proof.file]).toEqual([{ sha256: ours, known: 'current', edition: 1 }, { sha256: '0'.repeat(64), known: 'unknown', edition: null }])
    expect([own.proof.says.en, foreign.proof.says.ja]).toEqual([expect.stringContaining('its present edition (1)'), expect.stringContaining('発行したものではありません')])
  })
})

describe('what there is no proof of', () => {
  it.each([['RE-JP-2026-999999-1-F', 404, 'number_unknown'], ['RE-JP-2026-000001-1-0', 400, 'number_mistyped'], ['nonsense', 400, 'number_malformed']])('%s', async (of, status, code) => {
    const answer = await anybody.get(`/c/${of}/proof.json`)
    expect([answer.status, [code, 'number_mistyped']]).toEqual([status, expect.arrayContaining([answer.body.code])])
  })

  it('a certificate that is still being issued', async () => {
    const id = await awaiting()
    const { body } = await theatre.as('tanaka').post(`/applications/${id}/decision`, await decisionOn(id))
    expect((await anybody.get(`/c/${body.certificateNumber}/proof.json`)).status).toBe(404)
    await runJobs()
    expect((await asked('', body.certificateNumber)).holds).toBe(true)
  })
})

describe('on that day', () => {
  beforeAll(async () => {
    await happens(number, 'suspended', '2027-03-01', 'overdue', 'clock')
    await happens(number, 'reinstated', '2027-05-01')
    clock.now = new Date('2027-06-01T01:00:00Z')
  })

  it.each([
    ['2026-11-24', { is: 'certified', since: '2026-11-24', reasonClass: null }], ['2027-02-28', { is: 'certified', since: '2026-11-24', reasonClass: null }], ['2027-03-01', { is: 'suspended', since: '2027-03-01', reasonClass: 'overdue' }],
    ['2027-04-30', { is: 'suspended', since: '2027-03-01', reasonClass: 'overdue' }], ['2027-05-01', { is: 'certified', since: '2027-05-01', reasonClass: null }], ['2027-06-01', { is: 'certified', since: '2027-05-01', reasonClass: null }],
  ])('%s', async (on, standing) => expect((await asked(`?on=${on}`)).proof).toMatchObject({ on, standing, askedAt: '2027-06-01T01:00:00.000Z' }))

  it('before its issue there was no certificate yet', async () => {
    const { proof, holds } = await asked('?on=2026-11-23')
    expect([holds, proof.standing, proof.says.en]).toEqual([true, null, `As asked on 2027-06-01: on 2026-11-23 there was no certificate ${number} yet.`])
  })

  it.each([['2027-06-02', 422, 'day_unusable'], ['2127-06-02', 422, 'day_unusable'], ['2027-02-30', 400, 'invalid'], ['yesterday', 400, 'invalid'], ['', 400, 'invalid'], ['2027-6-1', 400, 'invalid'], ['9'.repeat(200), 400, 'invalid']])(
    'nothing is proved of %j', async (on, status, code) => {
      const answer = await anybody.get(`/c/${number}/proof.json?on=${on}`)
      expect([answer.status, answer.body.code, answer.headers['content-type']]).toEqual([status, code, 'application/problem+json'])
    })

  it.each(['x', 'A'.repeat(64), ''])('the file %j is no hash', async file => expect((await anybody.get(`/c/${number}/proof.json?file=${file}`)).status).toBe(400))
})

describe('between log and checkpoint', () => {
  it('a line that is in no checkpoint yet gets one when somebody asks', async () => {
    await publishLog(world)
    const before = await sizeNow()
    await happens(number, 'condition_set', '2027-06-01', 'nonconformity')
    const { proof } = await asked()
    const key = readKey(proof.log.key)
    expect([proof.standing?.is, key && openCheckpoint(proof.log.checkpoint, key)?.size]).toEqual(['certified_with_condition', before + 1])
  })

  it('answers many who ask at once with the same log', async () => {
    await happens(number, 'condition_met', '2027-06-01')
    const proofs = await Promise.all(Array.from({ length: 8 }, () => asked()))
    expect(new Set(proofs.map(({ proof }) => proof.log.checkpoint)).size).toBe(1)
    expect(proofs.every(({ holds }) => holds)).toBe(true)
  })

  it('with the storage away, what is in a checkpoint is still proved, and what is not yet is asked for again later', async () => {
    await happens(number, 'condition_set', '2027-06-01', 'nonconformity')
    const { put } = world.documents
    world.documents.put = async () => { throw new StorageUnavailable('away') }
    const [old, young] = [await anybody.get(`/c/${other}/proof.json`), await anybody.get(`/c/${number}/proof.json`)]
    world.documents.put = put
    expect([old.status, young.status, young.body.code, young.headers['retry-after']]).toEqual([200, 503, 'storage_unavailable', '5'])
    expect((await asked()).proof.standing?.is).toBe('certified_with_condition')
  })

  it('nothing new is proved over a log that was edited', async () => {
    await happens(number, 'condition_met', '2027-06-01')
    await behindTheBack('log_entries', "update log_entries set body = replace(body, 'nonconformity', 'own_request') where body like '%condition_set%'")
    expect((await anybody.get(`/c/${number}/proof.json`)).status).toBe(500)
    await behindTheBack('log_entries', "update log_entries set body = replace(body, 'own_request', 'nonconformity') where body like '%condition_set%'")
    expect((await asked()).proof.standing?.is).toBe('certified')
  })
})

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PDFDocument } from 'pdf-lib'
import { afterAll, expect, it } from 'vitest'
import { checkSealed } from '../../server/proof/seal/check.ts'
import { checkSeal } from '../../web/verify/seal.ts'
import { describeJudged } from '../support/judges.ts'
import { sealedFilesOn } from '../support/sealed-files.ts'
import { stage } from '../support/world.ts'

// signing.md 2: the forgery that the common tools wave through. The signature stays valid, because it covers what it always covered.
const theatre = await stage()
const { number } = await sealedFilesOn(theatre).issued()
const directory = mkdtempSync(path.join(tmpdir(), 'akashi-page-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

async function withForeignPage(pdf: Buffer): Promise<Buffer> {
  const document = await PDFDocument.load(pdf, { forIncrementalUpdate: true, updateMetadata: false })
  document.addPage([595, 842]).drawText('The scope covers all sites of the group.', { x: 60, y: 700, size: 20 })
  const saved = Buffer.from(await document.save({ useObjectStreams: false, updateFieldAppearances: false }))
  return saved.subarray(0, pdf.length).equals(pdf) ? saved : Buffer.concat([pdf, saved])
}

describeJudged('a foreign page appended to a sealed certificate', ['pdfsig', 'qpdf'], () => {
  it('is still "valid" to pdfsig, and "bytes added" to both our verifiers and to the register', async () => {
    const { world: { signer, timeStamps }, app, anybody } = theatre
    const { rawPayload: pdf } = await app.inject({ url: `/c/${number}/certificate.pdf` })
    const forged = await withForeignPage(pdf)
    const file = path.join(directory, 'forged.pdf')
    writeFileSync(file, forged)
    const judged = execFileSync('pdfsig', [file], { encoding: 'utf8', stdio: 'pipe' })
    expect([execFileSync('qpdf', ['--show-npages', file], { encoding: 'utf8' }).trim(), judged.includes('Signature is Valid.')]).toEqual(['2', true])
    const ours = { digest: 'passed', signature: 'passed', chain: 'passed', covers: 'failed' }
    expect([await checkSealed(forged, signer.root, timeStamps.root), (await checkSeal(forged, signer.root)).checks]).toMatchObject([ours, ours])
    const known = async (bytes: Buffer) => (await anybody.get(`/c/files/${createHash('sha256').update(bytes).digest('hex')}`)).status
    expect([await known(pdf), await known(forged)]).toEqual([200, 404])
  })
})

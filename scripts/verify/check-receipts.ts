import { asDocument } from '../../server/proof/receipt-lines.ts'
import type { Proven } from './check-proof.ts'
import { failed, open, passed, type Finding } from './finding.ts'

type Checked = { findings: Finding[]; proven: Proven | undefined }
const needed = ['proof_form', 'proof_signature', 'note', 'inclusion', 'standing']
const told = 20 // what is wrong with so many is said in full; the rest is counted

/** Every receipt of a file, each as it would be checked alone. One sentence for all of them, and everything that one of them did not pass. */
export function checkReceipts(text: string, checkOne: (proof: string) => Checked): Checked {
  const lines = text.split('\n').filter(line => line.trim() !== '')
  const checked = lines.map(line => checkOne(asDocument(line) ?? ''))
  const bad = checked.filter(({ findings }) => findings.some(({ verdict }) => verdict === 'failed'))
  const unsure = checked.filter(one => !bad.includes(one) && !needed.every(check => one.findings.some(finding => finding.check === check && finding.verdict === 'passed')))
  const details = [...bad, ...unsure].slice(0, told).flatMap(({ findings }) => findings.filter(({ verdict }) => verdict !== 'passed'))
  return { findings: [verdict({ all: lines.length, bad: bad.length, unsure: unsure.length }), ...details], proven: checked.at(-1)?.proven }
}

function verdict({ all, bad, unsure }: { all: number; bad: number; unsure: number }): Finding {
  if (bad > 0 || all === 0) return failed('receipts', { all, count: bad })
  return unsure > 0 ? open('receipts', { all, count: unsure }) : passed('receipts', { all })
}

import { spawnSync } from 'node:child_process'

const jars = ['preflight', 'pdfbox2', 'fontbox2', 'xmpbox', 'commons-logging', 'jaxb-api', 'javax.activation'].map(name => `/usr/share/java/${name}.jar`)

/** What PDFBox Preflight says of a file as PDF/A-1b: [] when it has nothing against it. */
export function preflight(file: string): string[] {
  const { stdout, stderr } = spawnSync('java', ['-cp', jars.join(':'), 'org.apache.pdfbox.preflight.Validator_A1b', file], { encoding: 'utf8' })
  if (stdout.includes('is a valid PDF/A-1b file')) return []
  const errors = `${stdout}${stderr}`.split('\n').slice(1).map(line => line.trim()).filter(line => line !== '')
  if (!`${stdout}${stderr}`.includes('not a valid PDF/A-1b file') || errors.length === 0) throw new Error(`Preflight did not answer: ${stdout}${stderr}`)
  return errors
}

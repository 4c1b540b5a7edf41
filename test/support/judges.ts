import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { describe } from 'vitest'

// Tools of others that judge our work. Each row: all of these commands must be there, or one of each group.
const commands = {
  certutil: [['certutil']],
  chromium: [['chromium', 'google-chrome']],
  clamd: [['clamd']],
  java: [['java'], ['javac']],
  mutool: [['mutool']],
  pdfinfo: [['pdfinfo'], ['pdffonts']],
  openssl: [['openssl']],
  pdfsig: [['pdfsig']],
  pdftotext: [['pdftotext']],
  preflight: [['java'], ['preflight.jar'], ['jaxb-api.jar'], ['javax.activation.jar']],
  qpdf: [['qpdf']],
  radosgw: [['radosgw'], ['radosgw-admin'], ['ceph-mon'], ['ceph-osd'], ['ceph-authtool'], ['monmaptool'], ['ceph']],
  softhsm2: [['softhsm2-util'], ['pkcs11-tool']],
  zbarimg: [['zbarimg']],
} satisfies Record<string, string[][]>

export type Judge = keyof typeof commands

/** Whether a judge is on this machine. In CI each must be: there a missing one throws instead of passing unseen. */
export function judge(name: Judge): boolean {
  const missing = commands[name].filter(choice => !choice.some(onPath))
  if (missing.length === 0) return true
  if (process.env.CI === 'true') throw new Error(`${name}: ${missing.map(choice => choice.join(' or ')).join(', ')} is not on this machine`)
  return false
}

/** A suite that needs judges; without one it is skipped, and its title says why. */
export function describeJudged(title: string, judges: readonly Judge[], suite: () => void) {
  const missing = judges.filter(name => !judge(name))
  if (missing.length === 0) describe(title, suite)
  else describe.skip(`${title} (skipped: no ${missing.join(', ')})`, suite)
}

const places = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin', '/usr/share/java']

function onPath(command: string): boolean {
  return places.some(place => {
    try {
      accessSync(path.join(place, command), command.endsWith('.jar') ? constants.R_OK : constants.X_OK)
      return true
    } catch { // not here
      return false
    }
  })
}

import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

// In two halves, so that no file of ours trips a scanner.
export const eicar = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR' + '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'

/** A real clamd with a database of our own that knows EICAR, alone or inside other files. `limitMb` is its StreamMaxLength. */
export async function startClamd({ limitMb = 210 } = {}) {
  const directory = mkdtempSync(path.join(tmpdir(), 'clamd-'))
  const database = path.join(directory, 'db')
  const socket = path.join(directory, 'clamd.sock')
  mkdirSync(database)
  writeFileSync(path.join(database, 'local.hdb'), '44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature\n')
  writeFileSync(path.join(database, 'local.ndb'), `Eicar-Body:0:*:${Buffer.from(eicar).toString('hex')}\n`)
  writeFileSync(path.join(directory, 'clamd.conf'), [`DatabaseDirectory ${database}`, `LocalSocket ${socket}`, `LogFile ${directory}/clamd.log`, 'Foreground yes',
    `StreamMaxLength ${limitMb}M`, 'MaxFileSize 200M', 'MaxScanSize 400M', 'MaxScanTime 120000', 'AlertExceedsMax yes', ''].join('\n'))
  const log = openSync(path.join(directory, 'clamd.out'), 'a')
  const child = spawn('clamd', ['-c', path.join(directory, 'clamd.conf')], {
    stdio: ['ignore', log, log], env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  })
  const gone = new Promise(resolve => child.once('exit', resolve))
  for (const until = Date.now() + 30_000; !existsSync(socket); await new Promise(resolve => setTimeout(resolve, 50))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error('clamd did not start')
  }
  return {
    socket,
    async close() {
      child.kill('SIGKILL')
      await gone
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

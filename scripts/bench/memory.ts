import { readdirSync, readFileSync } from 'node:fs'

const contentOf = (file: string) => { try { return readFileSync(file, 'utf8') } catch { return '' } } // it has ended meanwhile

const childrenOf = (pid: number, program: RegExp): string[] =>
  readdirSync('/proc').filter(name => /^\d+$/.test(name) && new RegExp(`^\\d+ \\(.*\\) \\S ${pid} `, 's').test(contentOf(`/proc/${name}/stat`)) && program.test(contentOf(`/proc/${name}/cmdline`)))

/** The job runner that this server started. */
export function runnerOf(pid: number): number {
  const [runner] = childrenOf(pid, /server\/jobs\/runner/)
  if (!runner) throw new Error(`server ${pid} has no job runner`)
  return Number(runner)
}

/** Resident memory of a process and its children that run our own code, in MiB. */
export const residentMiB = (pid: number): number =>
  [String(pid), ...childrenOf(pid, /server\/(jobs|signer)/)].reduce((sum, one) => sum + Number(/VmRSS:\s+(\d+)/.exec(contentOf(`/proc/${one}/status`))?.[1] ?? 0) / 1024, 0)

/** How far memory grew above what it was before, at its highest, while a piece of work ran. */
export async function growthOf(pid: number, work: () => Promise<unknown>): Promise<number> {
  const before = residentMiB(pid)
  let highest = before
  const watch = setInterval(() => { highest = Math.max(highest, residentMiB(pid)) }, 100)
  try {
    await work()
  } finally {
    clearInterval(watch)
  }
  return Math.max(0, highest - before)
}

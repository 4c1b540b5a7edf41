import net from 'node:net'

/** `silent`: takes and never answers; `silentAfter`: from so many bytes on, both ways together. `resetAfter`: bytes, both ways together, until one connection is reset. `refuse`: no new connections. */
export type Fault = { latencyMs?: number; silent?: boolean; silentAfter?: number; resetAfter?: number; refuse?: boolean }

/** A TCP relay before a real server that can be made to misbehave at any moment. */
export async function faultProxy(target: { host: string; port: number }) {
  let fault: Fault = {}
  let bytes = 0
  let resets = 0
  const open = new Set<net.Socket>()
  const relay = (from: net.Socket, to: net.Socket, cut: () => void) => {
    from.on('data', data => {
      bytes += data.length
      if (bytes >= (fault.resetAfter ?? Infinity)) return cut()
      if (fault.silent || bytes >= (fault.silentAfter ?? Infinity)) return
      const write = () => {
        if (to.destroyed || to.write(data)) return
        from.pause()
        to.once('drain', () => from.resume())
      }
      if (fault.latencyMs) setTimeout(write, fault.latencyMs)
      else write()
    })
    from.on('end', () => to.end()).on('error', () => to.destroy()).on('close', () => { open.delete(from); to.destroy() })
  }
  const server = net.createServer({ allowHalfOpen: true }, client => {
    if (fault.refuse) { client.resetAndDestroy(); return }
    const remote = net.connect({ ...target, allowHalfOpen: true })
    const cut = () => {
      resets++
      fault = {}
      client.resetAndDestroy()
      remote.destroy()
    }
    open.add(client).add(remote)
    relay(client, remote, cut)
    relay(remote, client, cut)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as net.AddressInfo).port,
    set(next: Fault) { fault = next; bytes = 0; resets = 0 },
    resets: () => resets,
    cut() { for (const socket of open) socket.resetAndDestroy() },
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

import net, { type AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { smtpMailer } from '../../server/adapters/mailer.ts'

it('gives up on a mail server that never greets, well before the database gives up on the mail’s row', async () => {
  const open: net.Socket[] = []
  const silent = net.createServer(socket => void open.push(socket))
  await new Promise<void>(ready => silent.listen(0, '127.0.0.1', ready))
  const mailer = smtpMailer(`smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`, 'a@akashi.example')
  const began = Date.now()
  await expect(mailer.send({ to: 'b@akashi.example', subject: 's', text: 't', html: 'h' })).rejects.toThrow()
  expect(Date.now() - began).toBeLessThan(8_000)
  mailer.close()
  for (const socket of open) socket.destroy()
  silent.close()
})

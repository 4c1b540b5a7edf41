import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

export type CaughtMail = { to: string; subject: string; text: string; html: string; at: Date }
export type Inbox = { url: string; mails: CaughtMail[]; close(): Promise<void> }

const kept = 500

/** Development only: a real SMTP server on loopback that keeps what it gets, newest first, for /dev/inbox. */
export async function openInbox(): Promise<Inbox> {
  const mails: CaughtMail[] = []
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'], size: 10 * 1024 * 1024, logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        PostalMime.parse(Buffer.concat(chunks)).then(parsed => {
          const to = session.envelope.rcptTo.map(recipient => recipient.address).join(', ')
          mails.unshift({ to, subject: parsed.subject ?? '', text: parsed.text ?? '', html: parsed.html ?? '', at: new Date() })
          mails.length = Math.min(mails.length, kept)
          done()
        }, done)
      })
    },
  })
  const { port } = await new Promise<{ port: number }>(resolve => {
    const listening = server.listen(0, '127.0.0.1', () => resolve(listening.address() as { port: number }))
  })
  return { url: `smtp://127.0.0.1:${port}`, mails, close: () => new Promise(resolve => server.close(() => resolve())) }
}

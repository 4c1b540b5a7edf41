import { createTransport } from 'nodemailer'

export type Mail = { to: string; subject: string; text: string; html: string }
export type Mailer = { send(mail: Mail): Promise<void>; close(): void }

/** Mail over SMTP; the pool keeps its connection between mails. Throws what the server said: the job tries again later. */
export function smtpMailer(url: string, from: string): Mailer {
  const transport = createTransport({ url, pool: true, connectionTimeout: 10_000, socketTimeout: 30_000 } as Parameters<typeof createTransport>[0])
  return {
    async send(mail) { await transport.sendMail({ from, ...mail }) },
    close: () => transport.close(),
  }
}

import { createTransport } from 'nodemailer'

export type Mail = { to: string; subject: string; text: string; html: string }
export type Mailer = { send(mail: Mail): Promise<void>; close(): void }

/**
 * Mail over SMTP; the pool keeps its connection between mails. Throws what the server said: the job tries again later.
 * Each wait stays well below the database's idle_in_transaction_session_timeout (20 s): the row of the mail is locked meanwhile.
 */
export function smtpMailer(url: string, from: string): Mailer {
  const transport = createTransport({ url, pool: true, connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 8_000 } as Parameters<typeof createTransport>[0])
  return {
    async send(mail) { await transport.sendMail({ from, ...mail }) },
    close: () => transport.close(),
  }
}

import { describe, expect, it } from 'vitest'
import { locales } from '../../server/http/locale.ts'
import { mailTemplates } from '../../server/mails/enqueue.ts'
import { composeMail } from '../../server/mails/send.ts'

const code = { code: '123456', minutes: 15 }
const params = { employer: '髙橋プレス㈱', url: '/applications/1', due: '2026-12-05', criterion: 'RE-07.3', result: '認証', days: 7, stage: 'clarifying', certificate: 'Akashi seal', reasons: '<b>理由</b>' }
const place = { publicUrl: 'https://akashi.example', sample: false }

describe.each(locales)('mails in %s', locale => {
  it.each(mailTemplates)('%s is whole, as text and as its HTML twin', template => {
    const { subject, text, html } = composeMail({ toEmail: 'a@b.example', locale, template, params: template === 'code' ? code : params }, place)
    const own = template === 'code' ? '123456' : 'https://akashi.example/applications/1'
    expect([subject.length > 0, /\{\w+\}/.test(subject + text), text.includes(own), html.includes(own), html.includes('<b>理由')]).toEqual([true, false, true, true, false])
  })
})

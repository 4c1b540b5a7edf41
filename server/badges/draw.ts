import { readFileSync } from 'node:fs'
import type { PublicCertificate } from '../../schema/certificate-shapes.ts'
import { translate, type PublicLocale } from '../http/locale.ts'
import { textWidth } from './text-width.ts'

export const badgeSizes = { small: 48, medium: 72, large: 108 } as const
export type BadgeSize = keyof typeof badgeSizes
type Tone = keyof typeof tones

// As web/styles/tokens.css has them (a test compares): a picture on a foreign page has no stylesheet.
export const tones = {
  good: { ink: '#115a36', tint: '#e6f5ec' },
  attention: { ink: '#8b3200', tint: '#ffeee2' },
  stopped: { ink: '#a90000', tint: '#fdeeee' },
  neutral: { ink: '#4d4d4d', tint: '#f2f2f2' },
} as const

const toneOf: Partial<Record<PublicCertificate['standing'], Tone>> = { certified: 'good', certified_with_condition: 'attention', scope_reduced: 'attention', suspended: 'stopped', withdrawn: 'stopped' }
const valid: PublicCertificate['standing'][] = ['certified', 'certified_with_condition', 'scope_reduced']

type Line = { text: string; x: number; y: number; size: number; width: number; ink: string; weight: number }
export type Badge = { title: string; description: string; tone: Tone; ink: string; tint: string; mark: string; lines: Line[]; view: { width: number; height: number }; width: number; height: number }
type Asked = { number: string; certificate: PublicCertificate | null; today: string; locale: PublicLocale; size: BadgeSize }

const mark = /<path[^>]*>/.exec(readFileSync(new URL('../../web/mark.svg', import.meta.url), 'utf8'))?.[0] ?? ''
const black = '#1f2328', soft = '#4d4d4d'

/** The badge of a number as it is today, in words, shape and colour; a number that is not on the register is drawn as such, never as anything good. */
export function drawBadge({ number, certificate, today, locale, size }: Asked): Badge {
  const tone = certificate ? toneOf[certificate.standing] ?? 'neutral' : 'neutral'
  const { ink, tint } = tones[tone]
  const standing = translate(locale, certificate ? `certificates.standing_${certificate.standing}` : 'badges.not_on_register')
  const asOf = translate(locale, 'badges.as_of', { date: today })
  const until = certificate && valid.includes(certificate.standing) ? ` ${translate(locale, 'badges.until', { date: certificate.expiresOn })}` : ''
  const holder = certificate && (locale === 'ja' || locale === 'ja-simple' ? certificate.holder.nameJa : certificate.holder.nameLatin || certificate.holder.nameJa)
  const lines = [
    line(holder ?? 'Akashi', { x: 76, y: 21, size: 13, ink: black, weight: 700 }), // by name: a badge that was copied points at its owner
    line(standing, { x: 100, y: 43, size: 18, ink, weight: 700 }),
    line(`${number} · ${asOf}`, { x: 76, y: 61, size: 11, ink: soft, weight: 400 }),
  ]
  const view = { width: Math.ceil(Math.max(...lines.map(({ x, width }) => x + width)) + 14), height: 72 }
  const height = badgeSizes[size]
  return {
    title: translate(locale, 'badges.title', { number, standing, date: today }), description: translate(locale, 'badges.description', { detail: `${holder ?? ''} ${asOf}${until}`.trim() }),
    tone, ink, tint, mark, lines, view, width: Math.round(view.width * height / view.height), height,
  }
}

const line = (text: string, drawn: Omit<Line, 'text' | 'width'>): Line => ({ text, ...drawn, width: Math.round(textWidth(text, drawn.size) * 10) / 10 })

import { html, nothing } from 'lit-html'
import { until } from 'lit-html/directives/until.js'
import type { ItemVersion } from '../../../server/domain/notebook.ts'
import type { KnownVersion } from '../capture.ts'
import { readFile } from '../chunks.ts'
import { signed } from '../forms/signature.ts'
import { measured, plan } from '../forms/sketch.ts'
import { asText, type Basis, type Corner } from '../room.ts'
import { open } from '../state.ts'
import { number, t, knowsWord } from '../words.ts'

type Content = ItemVersion['content']
const text = (content: Content, name = 'text') => (content[name] ? html`<p class="said">${content[name]}</p>` : nothing)

/** What an item says, for whoever wrote it and for a colleague. */
export function shown(hash: string, { version }: KnownVersion) {
  const { kind, content } = version
  const looks = {
    note: () => text(content), photo: () => html`${picture(version)}${text(content)}`,
    voice: () => html`<p>${t('voice_kept', { seconds: number(Number(content['seconds'] ?? 0)) })}</p>${memo(version)}${text(content)}`,
    sketch: () => html`${plan(corners(content))}${measured(corners(content), Number(content['people'] ?? 0), (content['basis'] ?? 'dormitory') as Basis)}${text(content)}`,
    interview: () => html`<p><strong class="code">${content['code']}</strong> ${t(`form_${content['kind']}`)} · ${t(`language_${content['language']}`)} · ${t('minutes', { minutes: number(Number(content['minutes'])) })}</p><p>${t('answers_given', { given: Object.keys(content['answers'] ?? {}).length })}</p>${text(content, 'notes')}`,
    check: () => html`<p><strong>${t(`check_${content['what']}`)}</strong></p><dl class="checked">${Object.entries(content).filter(([name]) => name !== 'what' && name !== 'text').map(([name, value]) => html`<div><dt>${label(`check_${name}`, name)}</dt><dd>${label(String(value), String(value))}</dd></div>`)}</dl>${text(content)}`,
    signature: () => html`${signed(((content['strokes'] ?? []) as unknown as Corner[][]).map(asText).join(';'))}<p>${content['name']} ${content['role']}</p>`,
    finding: () => html`<p><strong>${t(`grade_${content['grade']}`)}</strong></p>${text(content, 'statement')}${text(content, 'evidenceReference')}`,
  }
  return html`<div class="shown" data-shown=${hash}>${looks[kind]()}</div>`
}

const label = (key: string, otherwise: string) => (knowsWord(key) ? t(key) : otherwise)
const corners = (content: Content) => (content['corners'] ?? []) as unknown as Corner[]

const addresses = new Map<string, Promise<string | null>>() // of pictures already unsealed
function addressOf({ applicationId, files }: ItemVersion, part: string): Promise<string | null> {
  const file = files.find(one => one.part === part)
  if (!file) return Promise.resolve(null)
  const at = `${applicationId}/${file.sha256}`, known = addresses.get(at)
  if (known) return known
  const made = readFile(open(), [applicationId, file.sha256]).then(blob => (blob ? URL.createObjectURL(blob) : navigator.onLine ? `/notebook/files/${at}` : null))
  addresses.set(at, made)
  return made
}

const picture = (version: ItemVersion) => until(addressOf(version, 'small').then(src => (src ? html`<img class="shot" src=${src} alt=${String(version.content['text'] || t('kind_photo'))}>` : html`<p class="muted">${t('picture_elsewhere')}</p>`)), nothing)
const memo = (version: ItemVersion) => until(addressOf(version, 'original').then(src => (src ? html`<audio class="memo" controls src=${src}></audio>` : html`<p class="muted">${t('picture_elsewhere')}</p>`)), nothing)

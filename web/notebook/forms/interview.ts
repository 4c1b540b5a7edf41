import { html, nothing } from 'lit-html'
import { interviewForms, interviewLanguages, nextCode, peopleIn, type InterviewForm } from '../../../server/domain/interviews.ts'
import { typed } from '../open-form.ts'
import { isAdverse } from '../questions.ts'
import { draw, state, type OpenForm } from '../state.ts'
import { lang, local, t } from '../words.ts'
import { choices, input, words } from './parts.ts'

const audit = (form: OpenForm) => state.audits.get(form.audit)
const spoken = (form: OpenForm) => audit(form)?.kept.bundle.questions ?? []
const inLanguage = (form: OpenForm, language: string) => spoken(form).find(one => one.language === language)
const asked = (form: OpenForm) => inLanguage(form, form.draft.fields['language'] || 'ja')?.questions ?? []

/** Three steps: about whom, one large question after the other, the end. Where somebody stands in them is part of the draft. */
export function interviewForm(form: OpenForm) {
  const step = form.draft.fields['step'] ?? ''
  const nth = /^\d+$/.test(step) ? Number(step) : -1
  return step === 'end' ? ending(form) : nth >= 0 ? question(form, nth) : beginning(form)
}

const go = (form: OpenForm, step: string) => { typed(form, { step, ...(form.draft.fields['began'] ? {} : { began: String(Date.now()) }) }, true); draw(); scrollTo(0, 0) }

function beginning(form: OpenForm) {
  const { fields } = form.draft
  fields['code'] ||= nextCode(codes(form))
  fields['kind'] ||= 'single'
  fields['people'] ||= '1'
  return html`${input(form, 'code', t('interview_code'), { hint: t('interview_code_hint'), short: true })}
  ${choices(form, 'kind', t('interview_kind'), interviewForms.map(kind => [kind, t(`form_${kind}`)] as const))}
  ${input(form, 'people', t('interview_people'), { short: true, mode: 'numeric', hint: t('interview_people_hint', peopleIn[fields['kind'] as InterviewForm]) })}
  <div class="field"><label class="field-label" for="language">${t('interview_language')}</label><select class="select" id="language" name="language"><option value="">${t('interview_language_choose')}</option>
  ${interviewLanguages.map(language => html`<option value=${language} ?selected=${fields['language'] === language}>${inLanguage(form, language)?.name ?? ''} · ${t(`language_${language}`)}</option>`)}</select></div>
  <p class="actions"><button type="button" class="button" ?disabled=${!fields['language']} @click=${() => go(form, '0')}>${t('interview_begin')}</button></p>`
}

/** What a worker may look at, too: which answer is a warning sign is told at the end, to the assessor alone. */
function question(form: OpenForm, nth: number) {
  const { fields } = form.draft, language = fields['language'] || 'ja', all = asked(form), one = all[nth], said = inLanguage(form, language)
  if (!one || !said) return ending(form)
  const name = `answer_${one.criterion}`, answer = fields[name]
  const say = (value: string) => { typed(form, { [name]: value }, true); draw() }
  return html`<p class="small muted">${t('interview_nth', { nth: nth + 1, of: all.length, code: fields['code'] ?? '' })} · ${one.criterion}</p>
  ${nth === 0 ? html`<p lang=${language}>${said.promise}</p>` : nothing}
  <blockquote class="asked" lang=${one.language}>${one.text}</blockquote>
  ${one.language === language ? nothing : html`<p class="small muted">${t('interview_no_translation')}</p>`}
  ${said.checked === false ? html`<p class="small muted">${t('interview_unchecked')}</p>` : nothing}
  ${language === lang() ? nothing : html`<p class="small">${inLanguage(form, lang())?.questions[nth]?.text}</p>`}
  <div class="answers" role="group" aria-label=${t('interview_answer')}>${one.offered.map(offered => (offered === 'hours' ? hours(name, answer, said.answers.hours, say) : html`<button type="button" class="answer" data-answer=${offered} aria-pressed=${answer === offered} @click=${() => say(offered)}><span aria-hidden="true">${marks[offered]}</span><span lang=${language} class="answer-said">${said.answers[offered]}</span>${language === lang() ? nothing : html`<small>${t(`answer_${offered}`)}</small>`}</button>`))}</div>
  <p class="steps-row"><button type="button" class="button button--second" @click=${() => go(form, nth === 0 ? '' : String(nth - 1))}>${t('interview_back')}</button>
  <button type="button" class="button" @click=${() => go(form, nth + 1 < all.length ? String(nth + 1) : 'end')}>${t('interview_next')}</button></p>
  <p><button type="button" class="button button--second button--small" @click=${() => go(form, 'end')}>${t('interview_to_end')}</button></p>`
}

const marks = { yes: '○', no: '✕', help: '○', stop: '✕', hours: '', rather_not: '—' } as const
const hours = (name: string, answer: string | undefined, label: string, say: (value: string) => void) =>
  html`<label class="hours">${label}<input class="input" inputmode="numeric" maxlength="4" data-hours=${name} .value=${/^\d+$/.test(answer ?? '') ? answer ?? '' : ''} @change=${(event: Event) => say((event.target as HTMLInputElement).value.normalize('NFKC').replace(/\D/g, ''))}></label>`
const answerWords = (answer = '') => (/^\d+$/.test(answer) ? answer : t(`answer_${answer}`))

function ending(form: OpenForm) {
  const { fields } = form.draft, given = asked(form).filter(({ criterion }) => fields[`answer_${criterion}`])
  fields['minutes'] ||= String(Math.max(1, Math.round((Date.now() - Number(fields['began'] || Date.now())) / 60_000)))
  return html`<p class="lead">${t('interview_given', { given: given.length, of: asked(form).length })}</p>
  <ul class="plain">${given.map(({ criterion, adverse }) => html`<li>${criterion} ${title(form, criterion)}：<strong>${answerWords(fields[`answer_${criterion}`])}</strong>${isAdverse(adverse, fields[`answer_${criterion}`]) ? html` <span class="adverse">${t('interview_adverse')}</span>` : nothing}</li>`)}</ul>
  ${input(form, 'minutes', t('interview_minutes'), { short: true, mode: 'numeric' })}
  ${words(form, 'text', t('interview_notes'), t('interview_notes_hint'))}
  <p><button type="button" class="button button--second" @click=${() => go(form, '0')}>${t('interview_to_questions')}</button></p>`
}

const title = (form: OpenForm, id: string) => local(audit(form)?.kept.bundle.criteria.find(criterion => criterion.id === id) ?? {}, 'title')

/** Codes that were given already, by anybody and in this notebook. */
function codes(form: OpenForm): string[] {
  const opened = audit(form)
  return [...opened?.kept.bundle.sample.codes ?? [], ...[...opened?.versions.values() ?? []].flatMap(({ version: { kind, content } }) => (kind === 'interview' ? [String(content['code'])] : []))]
}

/** Only at its end an interview is kept; until then it is a draft. */
export const mayKeep = ({ kind, draft: { fields } }: OpenForm) => kind !== 'interview' || fields['step'] === 'end'

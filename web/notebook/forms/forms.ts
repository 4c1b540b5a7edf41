import { html, type TemplateResult } from 'lit-html'
import { grades } from '../../../server/domain/grading.ts'
import type { ItemKind } from '../../../server/domain/notebook.ts'
import { checkNames, checks, isCheck } from '../checks.ts'
import type { OpenForm } from '../state.ts'
import { t } from '../words.ts'
import { interviewForm } from './interview.ts'
import { choices, input, words, yesNo } from './parts.ts'
import { photoForm } from './photo.ts'
import { signatureForm } from './signature.ts'
import { sketchForm } from './sketch.ts'
import { voiceForm } from './voice.ts'

/** What each kind asks for. */
export const forms: Record<ItemKind, (form: OpenForm) => TemplateResult> = {
  note: form => words(form, 'text', t('note_text'), t('note_hint'), 7),
  photo: photoForm,
  voice: voiceForm,
  sketch: sketchForm,
  interview: interviewForm,
  check: checkForm,
  signature: signatureForm,
  finding: form => html`<p class="notice">${t('finding_draft')}</p>${choices(form, 'grade', t('finding_grade'), grades.map(grade => [grade, t(`grade_${grade}`)] as const))}
    ${words(form, 'statement', t('finding_statement'), t('finding_statement_hint'))}${input(form, 'evidenceReference', t('finding_evidence'))}`,
}

function checkForm(form: OpenForm) {
  const what = form.draft.fields['what'] ?? ''
  return html`${choices(form, 'what', t('check_what'), checkNames.map(name => [name, t(`check_${name}`)] as const), true)}
  ${isCheck(what) ? html`${checks[what].counted.map(name => input(form, name, t(`check_${name}`), { short: true, mode: 'numeric' }))}${checks[what].yesNo.map(name => yesNo(form, name, t(`check_${name}`)))}` : ''}
  ${words(form, 'text', t('check_text'), '', 2)}`
}

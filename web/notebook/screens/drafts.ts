import { html, nothing } from 'lit-html'
import type { Draft } from '../drafts.ts'
import { state, to } from '../state.ts'
import { t } from '../words.ts'

/** What was begun of this audit and not kept, wherever it was begun, with a way back into each. */
export function drafts(audit: string) {
  const begun = [...state.drafts.values()].filter(draft => draft.audit === audit)
  return begun.length === 0 ? nothing : html`<section class="notice" data-drafts><h2>${t('drafts')}</h2><ul>${begun.map(draft => html`<li><a href=${wayInto(draft)}>${draft.criterion} ${t(`kind_${draft.kind}`)} ${nameOf(draft)}</a></li>`)}</ul></section>`
}

const wayInto = ({ audit, kind, criterion, place, item, over: [corrected] }: Draft) => (corrected ? to('correct', audit, corrected) : to('new', audit, kind, criterion, place, item))
const nameOf = ({ audit, place }: Draft) => state.audits.get(audit)?.kept.bundle.sites.find(({ id }) => id === place)?.nameJa ?? ''

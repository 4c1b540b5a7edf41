import { itemKinds, type ItemKind } from '../../server/domain/notebook.ts'
import { kinds } from './content.ts'
import { countDrafts } from './loading.ts'
import { goFrom, openForm } from './open-form.ts'
import { draw, route, state, type OpenForm } from './state.ts'

const isKind = (name: string | undefined): name is ItemKind => itemKinds.some(kind => kind === name)

let turn = 0

/** The address changed: opens what it names. #/new/AUDIT/KIND/CRITERION/PLACE/DRAFT, #/correct/AUDIT/VERSION */
export async function follow() {
  turn += 1
  const mine = turn, { screen, audit, parts: [first = '', criterion = '', place = '', begun = ''] } = route()
  if (state.form) await goFrom(state.form)
  if (mine !== turn) return
  state.form = null
  if (screen !== 'criterion' && screen !== 'audit') state.said = null
  state.conflict = null
  if (state.notebook && state.audits.has(audit)) {
    const form = screen === 'new' && isKind(first) ? await openForm({ audit, kind: first, criterion, place, begun }) : screen === 'correct' ? await openCorrection(audit, first) : null
    if (mine !== turn) return
    state.form = form
  }
  if (state.notebook) await countDrafts()
  draw()
  scrollTo(0, 0)
  document.querySelector<HTMLElement>('#main')?.focus({ preventScroll: true })
}

async function openCorrection(audit: string, hash: string): Promise<OpenForm | null> {
  const version = state.audits.get(audit)?.versions.get(hash)?.version
  return version ? openForm({ audit, kind: version.kind, criterion: version.criterion, place: version.place, item: version.item, over: [hash], fields: kinds[version.kind].fields(version.content) }) : null
}

import { itemKinds, type ItemKind } from '../../server/domain/notebook.ts'
import { kinds } from './content.ts'
import { recount } from './loading.ts'
import { goFrom, openForm } from './open-form.ts'
import { draw, route, state, type OpenForm } from './state.ts'

const isKind = (name: string | undefined): name is ItemKind => itemKinds.some(kind => kind === name)

let turn = 0

/** The address changed: opens what it names. #/new/AUDIT/KIND/CRITERION/PLACE/DRAFT, #/correct/AUDIT/VERSION */
export async function follow() {
  turn += 1
  const mine = turn, { screen, audit, parts } = route()
  if (state.form) await goFrom(state.form)
  if (mine !== turn) return
  state.form = null
  if (screen !== 'criterion' && screen !== 'audit') state.said = null
  if (state.notebook) {
    state.wrong = null
    const form = state.audits.has(audit) ? await formAt(screen, audit, parts) : null
    const isForm = form !== null && form !== 'elsewhere'
    if (mine !== turn) return isForm && void form.letGo()
    Object.assign(state, { form: isForm ? form : null, elsewhere: form === 'elsewhere' })
    await recount()
  }
  draw()
  scrollTo(0, 0)
  document.querySelector<HTMLElement>('#main')?.focus({ preventScroll: true })
}

async function formAt(screen: string, audit: string, [first = '', criterion = '', place = '', begun = '']: string[]): Promise<OpenForm | 'elsewhere' | null> {
  if (screen === 'new' && isKind(first)) return openForm({ audit, kind: first, criterion, place, begun })
  return screen === 'correct' ? openCorrection(audit, first) : null
}

async function openCorrection(audit: string, hash: string): Promise<OpenForm | 'elsewhere' | null> {
  const version = state.audits.get(audit)?.versions.get(hash)?.version
  return version ? openForm({ audit, kind: version.kind, criterion: version.criterion, place: version.place, item: version.item, over: [hash], fields: kinds[version.kind].fields(version.content) }) : null
}

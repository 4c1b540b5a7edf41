import type { KnownVersion } from './capture.ts'
import type { Draft } from './drafts.ts'
import type { KeptAudit } from './known.ts'
import type { Waiting } from './outbox.ts'
import type { Questions } from './questions.ts'
import type { Notebook } from './store.ts'
import type { Outcome } from './sync.ts'
import type { Bundle, ListedAudit } from './wire.ts'
import type { ItemKind } from '../../server/domain/notebook.ts'

export type Taken = Bundle & { questions: Questions }
export type OpenAudit = { kept: KeptAudit<Taken>; versions: Map<string, KnownVersion> }
/** The form on the screen: what it was opened for, what its draft held, and what went wrong with it. */
export type OpenForm = {
  kind: ItemKind; audit: string; criterion: string; place: string; at: string; draft: Draft; restored: boolean
  pieces: Uint8Array<ArrayBuffer>[]; preview: string; busy: boolean; wrong: string | null
  unwritten: boolean // typed, and not in the draft yet
  ended: boolean // kept for good or thrown away: nothing writes its draft any more
  letGo: () => Promise<unknown> // its draft, for other tabs
  stop: (() => void) | null; underWay: Promise<unknown> // a memo being spoken, a picture being looked at
}
export type Gate = 'opening' | 'unsupported' | 'set_up' | 'locked' | 'wiped' | 'open'

/** All that the screens are drawn from. In memory only. */
export const state = {
  gate: 'opening' as Gate, notebook: null as Notebook | null, isOwners: false, // the server answered that this session is the owner's
  wrong: null as string | null, busy: false,
  audits: new Map<string, OpenAudit>(), drafts: new Map<string, Draft>(), offered: null as ListedAudit[] | null, place: '', form: null as OpenForm | null, elsewhere: false, // the draft that the address names is open in another tab
 
  waiting: { items: 0, photos: 0, originals: 0, refused: 0, drafts: 0 } as Waiting, outcome: null as Outcome | null, sending: false, refusals: new Map<string, string>(), lastSent: localStorage.getItem('akashi-notebook:sent'), said: null as string | null, lowRoom: false, mayGo: false, clockAheadMs: 0, // of the server's, when that was last asked
 
}

let redraw = () => {}
export const drawWith = (draw: () => void) => { redraw = draw }
export const draw = () => redraw()

/** Where on the page somebody is: #/audit/ID/criterion/RE-06.1. Ids and numbers of criteria only: a browser remembers addresses. */
export type Route = { screen: string; audit: string; parts: string[] }
export function route(): Route {
  const [screen = '', audit = '', ...parts] = location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent)
  return { screen, audit, parts }
}
export const to = (screen: string, audit = '', ...parts: string[]) => `#/${[screen, audit, ...parts].filter((part, nth, whole) => part || nth < whole.length - 1).map(encodeURIComponent).join('/')}`

export function open(): Notebook {
  if (!state.notebook) throw new Error('the notebook is locked')
  return state.notebook
}

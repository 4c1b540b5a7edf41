import { interviewCode, namesSomebody } from '../../server/domain/anonymity.ts'
import type { Plain } from '../../server/domain/dossier.ts'
import type { ItemKind } from '../../server/domain/notebook.ts'
import { checks, isCheck } from './checks.ts'
import { area, asText, fromText, minima, perPerson, type Basis, type Corner } from './room.ts'

export type Fields = { [name: string]: string }
export type Content = { [name: string]: Plain }
/** Of each kind: what keeps the form from being saved (a sentence's key), what is kept, and the fields again when it is corrected. */
type Kind = { wrong(fields: Fields, pieces: number): string | null; content(fields: Fields): Content; fields(content: Content): Fields }

const said = ({ text = '' }: Fields) => text.trim()
const asFields = (content: Content): Fields => Object.fromEntries(Object.entries(content).flatMap(([name, value]) => (typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [])))
const counted = (value: string | undefined) => Number((value ?? '').normalize('NFKC').replace(',', '.') || Number.NaN)
const day = () => new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10) // the day in Japan

export const kinds: Record<ItemKind, Kind> = {
  note: { wrong: fields => (said(fields) ? null : 'wrong_empty'), content: fields => ({ text: said(fields) }), fields: asFields },
  photo: { wrong: (_, pieces) => (pieces > 0 ? null : 'wrong_no_photo'), content: fields => ({ text: said(fields), place_kept: fields['place_kept'] === 'yes', consent: fields['consent'] || 'none' }), fields: asFields },
  voice: { wrong: (_, pieces) => (pieces > 0 ? null : 'wrong_no_voice'), content: fields => ({ text: said(fields), seconds: Number(fields['seconds'] ?? 0) }), fields: asFields },
  sketch: {
    wrong: ({ corners = '', people = '' }) => (fromText(corners).length < 3 || area(fromText(corners)) <= 0 ? 'wrong_room_open' : counted(people) >= 1 ? null : 'wrong_people'),
    content: ({ corners = '', people = '', basis = 'dormitory', text = '' }) => {
      const walls = fromText(corners), square = area(walls)
      return { corners: walls, square_metres: square, people: counted(people), per_person: perPerson(square, counted(people)), basis, minimum: minima[basis as Basis] ?? minima.dormitory, text: text.trim() }
    },
    fields: content => ({ ...asFields(content), corners: asText((content['corners'] ?? []) as unknown as Corner[]) }),
  },
  interview: {
    wrong: ({ code = '', people = '', language = '', minutes = '', text = '' }) =>
      (interviewCode.test(code.normalize('NFKC').toUpperCase().trim()) ? counted(people) >= 1 ? language ? counted(minutes) >= 1 ? namesSomebody(text) ? 'wrong_names_somebody' : null : 'wrong_minutes' : 'wrong_language' : 'wrong_people' : 'wrong_code'),
    content: fields => ({
      code: (fields['code'] ?? '').normalize('NFKC').toUpperCase().trim(), kind: fields['kind'] || 'single', people: counted(fields['people']), language: fields['language'] ?? '', minutes: counted(fields['minutes']), notes: said(fields),
      heldOn: fields['heldOn'] || day(), answers: Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (name.startsWith('answer_') && value ? [[name.slice(7), value]] : []))),
    }),
    fields: content => ({ ...asFields(content), text: String(content['notes'] ?? ''), ...Object.fromEntries(Object.entries((content['answers'] ?? {}) as Fields).map(([name, value]) => [`answer_${name}`, value])) }),
  },
  check: {
    wrong: ({ what = '', ...fields }) => (isCheck(what) ? checks[what].yesNo.some(name => fields[name]) ? null : 'wrong_nothing_checked' : 'wrong_what'),
    content: ({ what = '', text = '', ...fields }) => {
      const { yesNo, counted: numbers } = isCheck(what) ? checks[what] : { yesNo: [], counted: [] }
      return {
        what, text: text.trim(), ...Object.fromEntries(yesNo.flatMap(name => (fields[name] ? [[name, fields[name]]] : []))),
        ...Object.fromEntries(numbers.flatMap(name => (Number.isNaN(counted(fields[name])) ? [] : [[name, counted(fields[name])]]))),
      }
    },
    fields: asFields,
  },
  signature: {
    wrong: ({ name = '', strokes = '' }) => (name.trim() ? strokes ? null : 'wrong_no_signature' : 'wrong_name'),
    content: ({ name = '', role = '', strokes = '' }) => ({ name: name.trim(), role: role.trim(), strokes: strokes.split(';').filter(Boolean).map(fromText) }),
    fields: content => ({ ...asFields(content), strokes: ((content['strokes'] ?? []) as unknown as Corner[][]).map(asText).join(';') }),
  },
  finding: {
    wrong: ({ grade = '', statement = '' }) => (grade ? statement.trim() ? null : 'wrong_empty' : 'wrong_grade'),
    content: ({ grade = '', statement = '', evidenceReference = '' }) => ({ grade, statement: statement.trim(), evidenceReference: evidenceReference.trim() }),
    fields: asFields,
  },
}

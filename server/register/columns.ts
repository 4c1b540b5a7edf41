import { industries } from '../domain/industries.ts'
import { standings } from '../domain/standing.ts'
import { reasonClasses } from '../../schema/certificate-shapes.ts'

type Column = { name: string; sql: string; type: 'text' | 'date' | 'integer'; ja: string; en: string; values?: readonly string[] }

/** The open data, column by column: the files are written from this table and the dictionary is printed from it, so they cannot differ. `sql` is over register_entries; {standing} and {since} are those of the day. */
export const columns: readonly Column[] = [
  { name: 'number', sql: 'number', type: 'text', ja: '証書の番号。末尾は検査文字', en: 'Number of the certificate; the last character is a check character' },
  { name: 'holder', sql: 'holder', type: 'text', ja: '番号のうち、更新しても変わらない部分', en: 'The part of the number that stays with the company through renewals' },
  { name: 'name_ja', sql: 'name_ja', type: 'text', ja: '認証取得者の名称', en: 'Name of the holder in Japanese' },
  { name: 'name_kana', sql: 'name_kana', type: 'text', ja: '名称の読み', en: 'Its reading in kana' },
  { name: 'name_latin', sql: 'name_latin', type: 'text', ja: '名称の英字表記', en: 'Its name in Latin letters' },
  { name: 'corporate_number', sql: 'corporate_number', type: 'text', ja: '法人番号（13桁）', en: 'Corporate number (13 digits)' },
  { name: 'prefecture', sql: 'prefecture', type: 'text', ja: '都道府県', en: 'Prefecture, by its Japanese name' },
  { name: 'industry', sql: 'industry', type: 'text', ja: '業種の符号', en: 'Line of business, by code', values: industries.map(({ value, ja, en }) => `${value}: ${ja} · ${en}`) },
  { name: 'standing', sql: '{standing}', type: 'text', ja: 'いまの状態', en: 'Standing on the day of the file', values: standings },
  { name: 'standing_since', sql: '{since}', type: 'date', ja: 'その状態になった日', en: 'Since when' },
  { name: 'reason_class', sql: "coalesce(reason_class, '')", type: 'text', ja: '理由の種類。ないときは空', en: 'Class of the reason; empty when there is none', values: reasonClasses },
  { name: 'tier', sql: 'tier', type: 'text', ja: '認証の段階', en: 'Tier' },
  { name: 'standard', sql: "standard_code || ' ' || standard_version", type: 'text', ja: '基準とその版', en: 'Standard and version' },
  { name: 'foreign_workers', sql: 'foreign_workers_band', type: 'text', ja: '外国人労働者の数（範囲）', en: 'Foreign workers, as a band' },
  { name: 'decided_on', sql: 'decided_on::text', type: 'date', ja: '判定の日', en: 'Day of the decision' },
  { name: 'issued_on', sql: 'issued_on::text', type: 'date', ja: '発行の日', en: 'Day of issue' },
  { name: 'expires_on', sql: 'expires_on::text', type: 'date', ja: '有効期限（その日を含む）', en: 'Last day of validity' },
  { name: 'edition', sql: 'edition', type: 'integer', ja: '証書の版', en: 'Edition of the file' },
]

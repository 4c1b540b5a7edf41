/** The roles of ISO 32000-1, 14.8.4, that our pages need. */
export type Role = 'Document' | 'H1' | 'H2' | 'H3' | 'P' | 'Table' | 'TR' | 'TH' | 'TD' | 'L' | 'LI' | 'Lbl' | 'LBody' | 'Link' | 'Figure'

/**
 * What a piece of the page is to somebody who does not see it. A part comes into being with its first ink, inside the part it belongs to:
 * the order of ink is the order of reading. `box`: left, bottom, right, top of a figure, in points. `leadsTo`: the address behind a link. `scope`: what a head of a table is
 * the head of, where it is not its row.
 */
export type Part = { role: Role; of: Part | null; lang?: 'ja' | 'en'; alt?: string; box?: Box; leadsTo?: string; scope?: 'Column' }
export type Box = readonly [left: number, bottom: number, right: number, top: number]

export const part = (role: Role, of: Part | null, more: Omit<Part, 'role' | 'of'> = {}): Part => ({ role, of, ...more })

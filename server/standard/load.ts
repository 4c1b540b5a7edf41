import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { eq } from 'drizzle-orm'
import { standards } from '../../schema/standards.ts'
import { within, type Db } from '../adapters/database.ts'
import { japanDate } from '../domain/calendar.ts'
import { record } from '../journal/record.ts'
import { readStandard } from './read.ts'

const folder = new URL('../../schema/standards/', import.meta.url)

/** Loads each version once. A file that differs from what is in force is refused: a change is a new version (C15). */
export async function loadStandards(db: Db, now: Date): Promise<void> {
  for (const file of (await readdir(folder)).filter(name => name.endsWith('.yaml'))) {
    const source = await readFile(new URL(file, folder), 'utf8')
    await loadStandard(db, file.replace('.yaml', ''), source, now)
  }
}

export async function loadStandard(db: Db, id: string, source: string, now: Date): Promise<void> {
  const sourceSha256 = createHash('sha256').update(source).digest('hex')
  await within(db, async tx => {
    const [known] = await tx.select({ sourceSha256: standards.sourceSha256 }).from(standards).where(eq(standards.id, id)).for('share')
    if (known && known.sourceSha256 !== sourceSha256) throw new Error(`standard ${id} is in force and cannot change: give the new text a new version`)
    if (known) return
    const content = readStandard(source)
    await tx.insert(standards).values({ id, code: content.meta.code, version: content.meta.version, sourceSha256, content, inForceFrom: japanDate(now) }).onConflictDoNothing()
    await record(tx, { personId: null, role: 'clock' }, { operation: 'standards.load', subjectId: id, after: { sourceSha256 } })
  })
}

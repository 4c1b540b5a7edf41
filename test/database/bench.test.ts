import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { casesOn } from '../support/cases.ts'
import { stage } from '../support/world.ts'

// Somebody with SQL in their hands at the assessors' bench. Every attempt names the promise that stopped it.
const theatre = await stage()
const { world: { database: { sql } }, idOf } = theatre
const { caseIn, assigned, anotherEmployer } = casesOn(theatre)
const attempt = async (run: () => Promise<unknown>): Promise<string> => run().then(() => 'went through', (error: { constraint_name?: string; message: string }) => error.constraint_name ?? error.message)

async function rated() {
  const id = await caseIn('desk_review', 'yamada', await anotherEmployer('見本製作所'))
  await assigned(id, 'sato')
  await sql`insert into ratings (application_id, criterion, rating, note, rated_by) values (${id}, 'RE-01.1', 'minor', '一つ目', ${idOf('sato')})`
  return id
}

describe('the marks of a criterion', () => {
  it('are all kept, whoever wrote them and by whatever way', async () => {
    const id = await rated()
    await sql`update ratings set rating = 'major', note = '二つ目', version = 2, rated_by = ${idOf('lee')} where application_id = ${id}`
    expect((await sql`select version, rating, note, rated_by from rating_marks where application_id = ${id} order by version`).map(row => [row.version, row.rating, row.note, row.rated_by]))
      .toEqual([[1, 'minor', '一つ目', idOf('sato')], [2, 'major', '二つ目', idOf('lee')]])
  })

  it.each([
    ['a rating is overwritten without a new version', (id: string) => sql`update ratings set rating = 'conforms' where application_id = ${id}`, 'ratings_replace_the_one_before'],
    ['a version is skipped', (id: string) => sql`update ratings set version = 3 where application_id = ${id}`, 'ratings_replace_the_one_before'],
    ['a rating is moved to another criterion', (id: string) => sql`update ratings set criterion = 'RE-01.2', version = 2 where application_id = ${id}`, 'ratings_replace_the_one_before'],
    ['a rating begins with a later version', (id: string) => sql`insert into ratings (application_id, criterion, rating, version, rated_by) values (${id}, 'RE-01.2', 'conforms', 5, ${idOf('sato')})`, 'ratings_replace_the_one_before'],
    ['a rating is taken away', (id: string) => sql`delete from ratings where application_id = ${id}`, 'ratings_replace_the_one_before'],
    ['a mark is changed', (id: string) => sql`update rating_marks set note = '' where application_id = ${id}`, 'rating_marks_is_append_only'],
    ['a mark is taken away', (id: string) => sql`delete from rating_marks where application_id = ${id}`, 'rating_marks_is_append_only'],
    ['all marks are emptied', () => sql`truncate rating_marks`, 'rating_marks_is_append_only'],
    ['a mark is made up', (id: string) => sql`insert into rating_marks (application_id, criterion, version, rating, note, rated_by, rated_at) values (${id}, 'RE-01.1', 7, 'conforms', '', ${idOf('lee')}, now())`, 'mark_is_what_was_rated'],
  ])('hold when %s', async (_, write, name) => {
    expect(await attempt(async () => write(await rated()))).toContain(name)
  })
})

describe('a second scoring', () => {
  async function drawn(scorer: 'lee' | 'sato' | 'tanaka' = 'lee', inPool = true) {
    const id = await rated(), [draw, scoring] = [randomUUID(), randomUUID()]
    await sql`insert into second_draws (id, seed, pool, share_percent, drawn_by) values (${draw}, 's', ${inPool ? [id] : []}::uuid[], 10, ${idOf('suzuki')})`
    const insert = () => sql`insert into second_scorings (id, draw_id, application_id, scorer_id) values (${scoring}, ${draw}, ${id}, ${idOf(scorer)})`
    return { id, draw, scoring, insert }
  }
  async function open() {
    const it = await drawn()
    await it.insert()
    await sql`update second_scorings set declared_at = now() where id = ${it.scoring}`
    await sql`insert into second_marks (scoring_id, criterion, rating) values (${it.scoring}, 'RE-01.1', 'conforms')`
    return it
  }

  it('is for nobody with a hand in the case', async () => {
    const { insert } = await drawn('sato')
    expect(await attempt(insert)).toBe('scorer_took_no_part')
  })
  it('is of a file that was drawn', async () => {
    const { insert } = await drawn('lee', false)
    expect(await attempt(insert)).toBe('scored_file_was_drawn')
  })
  it('is for nobody with a tie to the client', async () => {
    const { id, insert } = await drawn('tanaka')
    await sql`insert into memberships (person_id, employer_id) select ${idOf('tanaka')}, employer_id from applications where id = ${id}`
    expect(await attempt(insert)).toMatch(/scorer_took_no_part|scorer_has_no_tie/)
    await sql`delete from memberships where person_id = ${idOf('tanaka')}`
  })
  it('happens once', async () => {
    const { insert, draw, id } = await drawn()
    await insert()
    expect(await attempt(() => sql`insert into second_scorings (id, draw_id, application_id, scorer_id) values (${randomUUID()}, ${draw}, ${id}, ${idOf('kobayashi')})`)).toBe('scored_twice_at_most')
  })
  it('waits for the declaration of interests', async () => {
    const { insert, scoring } = await drawn()
    await insert()
    expect(await attempt(() => sql`insert into second_marks (scoring_id, criterion, rating) values (${scoring}, 'RE-01.1', 'conforms')`)).toBe('second_marks_are_sealed')
    expect(await attempt(() => sql`update second_scorings set finished_at = now() where id = ${scoring}`)).toBe('second_scoring_is_kept')
  })
  it.each([
    ['joins the case', (id: string) => sql`insert into assignments (id, application_id, person_id, part, assigned_by) values (${randomUUID()}, ${id}, ${idOf('lee')}, 'assessor', ${idOf('suzuki')})`, 'scorer_joins_no_case'],
    ['rates for the case', (id: string) => sql`insert into ratings (application_id, criterion, rating, rated_by) values (${id}, 'RE-01.2', 'conforms', ${idOf('lee')})`, 'scorer_joins_no_case'],
  ])('leaves a scorer who %s outside', async (_, write, name) => expect(await attempt(async () => write((await open()).id))).toBe(name))
  it('leaves a scorer who decides outside', async () => {
    const { id } = await open()
    for (const next of ['visit_planned', 'correcting', 'awaiting_decision']) await sql`update applications set stage = ${next} where id = ${id}`
    expect(await attempt(() => sql`insert into decisions (id, application_id, outcome, reasons, dossier_sha256, decided_by) values (${randomUUID()}, ${id}, 'refuse', 'r', 'a', ${idOf('lee')})`)).toBe('scorer_joins_no_case')
  })
  it.each([
    ['a mark is taken away', (scoring: string) => sql`delete from second_marks where scoring_id = ${scoring}`, 'second_marks_are_sealed', false],
    ['a mark changes after the end', (scoring: string) => sql`update second_marks set rating = 'major' where scoring_id = ${scoring}`, 'second_marks_are_sealed', true],
    ['a mark is added after the end', (scoring: string) => sql`insert into second_marks (scoring_id, criterion, rating) values (${scoring}, 'RE-01.2', 'major')`, 'second_marks_are_sealed', true],
    ['it is opened again', (scoring: string) => sql`update second_scorings set finished_at = null where id = ${scoring}`, 'second_scoring_is_kept', true],
    ['it is given to another', (scoring: string) => sql`update second_scorings set scorer_id = ${idOf('sato')} where id = ${scoring}`, 'second_scoring_is_kept', false],
    ['it is removed', (scoring: string) => sql`delete from second_scorings where id = ${scoring}`, 'second_scoring_is_kept', false],
    ['the seed of its draw is changed', () => sql`update second_draws set seed = 'x'`, 'second_draws_is_append_only', false],
  ] as const)('holds when %s', async (_, write, name, finished) => {
    const { scoring } = await open()
    if (finished) await sql`update second_scorings set finished_at = now() where id = ${scoring}`
    expect(await attempt(() => write(scoring))).toContain(name)
  })
})

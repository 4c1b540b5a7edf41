import { globSync, readFileSync } from 'node:fs'
import Handlebars from 'handlebars'
import { describe, expect, it } from 'vitest'
import { helpers } from '../../server/http/helpers.ts'
import { knows, locales, translate, type Params } from '../../server/http/locale.ts'

const folder = new URL('../../templates/', import.meta.url).pathname
const sources = new Map(globSync('**/*.hbs', { cwd: folder }).map(file => [file.replace('.hbs', ''), readFileSync(folder + file, 'utf8')]))
const engine = Handlebars.create()
for (const [name, helper] of Object.entries(helpers((locale, key, params) => translate(locale, key, params as Params)))) engine.registerHelper(name, helper)
for (const [name, source] of sources) engine.registerPartial(name, engine.compile(source, { strict: true, preventIndent: true }))

const frame = { locale: 'ja', otherLocale: 'en', path: '/', once: 'a-token', sample: false, viewer: null, values: null, errors: null, flash: null, status: 200 }
const draw = (template: string, change: object = {}) => engine.compile(template, { strict: true, preventIndent: true })({ ...frame, ...change })

describe('fields', () => {
  it('show what was typed, byte for byte, and never as markup', () => {
    const typed = '\n  <script>alert(1)</script>\n\n    "葛󠄀城" \u{1F476} שלום & co\n'
    const html = draw("<form>\n    {{> parts/textarea name='why' label='x' value=''}}\n</form>", { values: { why: typed } })
    const shown = /<textarea[^>]*>\n([\s\S]*)<\/textarea>/.exec(html)?.[1] ?? ''
    expect(shown.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')).toBe(typed)
    expect(html).not.toContain('<script')
    expect(draw("{{> parts/field name='name' label='x' value=it}}", { it: '"><img src=x>' })).not.toContain('<img')
  })

  it.each(['field', 'textarea', 'select', 'checkbox', 'upload'])('%s ties hint and error to the control', part => {
    const html = draw(`{{> parts/${part} name='it' label='L' hint='H' options=(array)}}`, { errors: [{ field: 'it', message: 'E' }] })
    const described = /aria-describedby="([^"]+)"/.exec(html)?.[1]?.trim().split(/\s+/) ?? []
    expect(described).not.toEqual([])
    for (const id of described) expect(html).toContain(`id="${id}"`)
    expect(described).toContain('field-it-error')
    expect(html).toContain('aria-invalid="true"')
  })

  it('links the summary to the refused field', () => {
    const refused = { errors: [{ field: 'it', message: 'E' }, { field: '', message: 'whole form' }], values: { form: 'one' } }
    const html = draw("{{> parts/errors}}{{> parts/field name='it' label='L' form='one'}}{{> parts/field name='it' label='L' form='two'}}", refused)
    expect(html).toContain('<a href="#field-one-it">E</a>')
    expect(html).toContain('id="field-one-it"')
    expect(html.match(/aria-invalid/g)).toHaveLength(1)
    expect(html).toContain('<li>whole form</li>')
  })

  it('keep a choice, or several', () => {
    const options = [{ value: 'a', label: 'A' }, { value: 'b', label: 'B' }]
    const checked = (html: string) => [...html.matchAll(/value="(\w)"(?: checked| selected)/g)].map(([, value]) => value)
    expect(checked(draw("{{> parts/choices name='it' label='L' options=it value='b'}}", { it: options }))).toEqual(['b'])
    expect(checked(draw("{{> parts/choices name='it' label='L' options=it value=kept many=true}}", { it: options, kept: ['a', 'b'] }))).toEqual(['a', 'b'])
    expect(checked(draw("{{> parts/select name='it' label='L' options=it value='b'}}", { it: options, values: { it: 'a' } }))).toEqual(['a'])
    expect(checked(draw("{{> parts/choices name='it' label='L' options=it value='b' many=true}}", { it: options, values: {} }))).toEqual([])
  })

  it('carry the token of the form, and the version that was read', () => {
    expect(draw('{{> parts/formtop version=3}}')).toContain('<input type="hidden" name="once" value="a-token">\n<input type="hidden" name="version" value="3">')
  })
})

describe('every template', () => {
  const pages = [...sources].filter(([name]) => !name.startsWith('mail/'))
  const spoken = (source: string) => source.replaceAll(/\{\{!--[\s\S]*?--\}\}/g, '')

  it('is seen', () => expect(sources.size).toBeGreaterThan(30))
  // The page to keep has a policy of its own, which names by hash the one style and the one script it carries (test/app/files.test.ts).
  const carried = ['<style>{{{page.style}}}</style>', '<script type="application/json" id="kept">{{{page.kept}}}</script>', '<script>{{{page.script}}}</script>']
  it.each(pages)('%s has neither inline style nor inline script: the policy of the site would stop them', (name, source) =>
    expect(carried.reduce((left, own) => (name === 'offline/kept' ? left.replace(own, '') : left), spoken(source))).not.toMatch(/\sstyle=|\son\w+=|<style|<script(?! type="module" src=)/))
  it.each([...sources])('%s says nothing by itself: sentences live in locales', (_, source) => expect(spoken(source)).not.toMatch(/[ぁ-ゖァ-ヺ]/))
  it.each([...sources])('%s finds its sentences in both languages', (_, source) => {
    const keys = [...spoken(source).matchAll(/\bt '([a-z_]+\.[\w.-]+)'(?! ')/g)].map(([, key = '']) => key)
    expect(locales.flatMap(locale => keys.filter(key => !knows(locale, key)).map(key => `${locale}: ${key}`))).toEqual([])
  })
})

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'

// The colours of state are the Digital Agency's; a new version of their tokens that changes one is noticed here.
const ours = readFileSync(new URL('../../web/styles/tokens.css', import.meta.url), 'utf8')
const theirs = readFileSync(createRequire(import.meta.url).resolve('@digital-go-jp/design-tokens/dist/tokens.css'), 'utf8').toLowerCase()
const states = [...ours.matchAll(/--((?:good|attention|stopped|waiting|neutral|focus)[\w-]*): (#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value] as const)

it('knows the colours of state', () => expect(states.length).toBeGreaterThan(8))
it.each(states)('%s is %s in the design tokens of the Digital Agency', (_, value) => expect(theirs).toContain(value))

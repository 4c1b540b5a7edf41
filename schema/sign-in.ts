import { z } from 'zod'
import { foldDigits } from '../server/domain/text.ts'
import { neededLine, oneOf } from './forms.ts'
import { Id, Once } from './shared.ts'

// The wire shapes of signing in.
const Person = z.object({ id: z.string(), name: z.string(), email: z.string(), locale: z.string(), roles: z.array(z.string()), employer: z.string().nullable(), organisation: z.string().nullable() })
export const Cast = Person
export const SignInPage = z.object({ cast: z.array(Person) })
export const CodePage = z.object({ email: z.string().nullable() })
export const EmailForm = z.object({
  email: neededLine(254).transform(text => text.normalize('NFKC').toLowerCase()).refine(text => z.email().safeParse(text).success, 'field_email'), once: Once,
})
export const CodeForm = z.object({
  code: neededLine(20).transform(text => foldDigits(text).replace(/\D/g, '')).refine(digits => digits.length === 6, 'field_code'), signInId: Id.optional(), once: Once,
})
export const SignedIn = z.object({ personId: z.string() })
export const SecondFactor = z.object({ enrol: z.object({ secret: z.string(), uri: z.string() }).nullable() })
export const ProfileForm = z.object({ name: neededLine(80), locale: oneOf(['ja', 'en']), once: Once })

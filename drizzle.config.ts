import { defineConfig } from 'drizzle-kit'

export default defineConfig({ dialect: 'postgresql', schema: './schema/*.ts', out: './schema/migrations', casing: 'snake_case' })

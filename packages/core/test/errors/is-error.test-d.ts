import { type ErrorLike, type ErrorModel, isError } from '@fastify-scs/core'
import { expectTypeOf, it } from 'vitest'

it('isError tells an answer from an error, by the status alone', () => {
  const load = (): { name: string } | ErrorModel => ({ error: 'NO_PROFILE', status: 404 })
  const profile = load()
  if (isError(profile)) expectTypeOf(profile).toEqualTypeOf<ErrorModel>()
  else expectTypeOf(profile.name).toBeString()
})

it('of a value of which nothing is known, only what was looked at has a type', () => {
  const value: unknown = JSON.parse('{}')
  if (!isError(value)) return
  expectTypeOf(value).toEqualTypeOf<ErrorLike>()
  expectTypeOf(value.status).toEqualTypeOf<number | string>()
  expectTypeOf(value.error).toBeUnknown()
  // @ts-expect-error nobody has looked whether it is a text
  value.user_message.trim()
})

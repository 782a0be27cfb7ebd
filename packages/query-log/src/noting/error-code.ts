import { isErrorObject, readField } from '@fastify-scs/core/kit'

/** What codes and names of errors look like; nothing else is kept of one, since it may hold a value. */
const CODE = /^[\w.$-]{1,64}$/

/** The code of an error, or its name. Never throws. */
export function errorCodeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'Error'
  const code = readField(error, 'code')
  // MongoDB's are numbers.
  if (typeof code === 'number') return String(code)
  if (typeof code === 'string' && CODE.test(code)) return code
  const name = isErrorObject(error) ? readField(error, 'name') : undefined
  return typeof name === 'string' && CODE.test(name) ? name : 'Error'
}

const CODE = /^[A-Z][A-Z0-9_]*$/

/** Whether a value looks as codes of errors do: `NO_STOCK`. */
export function isErrorCode(value: unknown): value is string {
  return typeof value === 'string' && CODE.test(value)
}

/**
 * The code that a foreign error brings for its answer. Fastify's own are none: they name a place in Fastify (`FST_ERR_CTP_...`)
 * and not what was wrong with the request.
 */
export function ownCodeOf(error: { readonly code?: unknown }): string | undefined {
  const { code } = error
  return isErrorCode(code) && !isOfFastify(error) ? code : undefined
}

/** Whether an error is one of Fastify's own, and not of a plugin (`FST_JWT_...`). */
export function isOfFastify({ code }: { readonly code?: unknown }): boolean {
  return typeof code === 'string' && code.startsWith('FST_ERR_')
}

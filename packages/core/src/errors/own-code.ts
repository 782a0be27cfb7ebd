const CODE = /^[A-Z][A-Z0-9_]*$/

/** Whether a value looks as codes of errors do: `NO_STOCK`. */
export function isErrorCode(value: unknown): value is string {
  return typeof value === 'string' && CODE.test(value)
}

/**
 * The code that a foreign error brings for its answer. Fastify's own are none: they name a place in Fastify (`FST_ERR_CTP_...`)
 * and not what was wrong with the request.
 */
export function ownCodeOf({ code }: { readonly code?: unknown }): string | undefined {
  return isErrorCode(code) && !code.startsWith('FST_ERR_') ? code : undefined
}

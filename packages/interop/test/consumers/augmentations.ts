/** What importing a package adds to Fastify's types: one statement for each, given `app` and `request`. */
export const AUGMENTATIONS: Readonly<Record<string, readonly string[]>> = {
  '@fastify-scs/core': [
    'app.scs.registerError',
    'request.addAuditEvent',
    'request.timeline',
    "app.get('/1', { throws: ['an-id'] }, () => 'ok')",
  ],
  '@fastify-scs/error-reporter': ['app.reportError', 'request.reportError', 'app.errorReporter'],
  '@fastify-scs/slow-call': ['app.slowCall', "app.get('/2', { slowCall: 5 }, () => 'ok')"],
  '@fastify-scs/store': ['app.scsStore'],
  '@fastify-scs/query-log': ['app.queryLog'],
  '@fastify-scs/integration-log': [
    'app.integrations',
    'request.integrations',
    'request.integration',
    "app.get('/3', { integration: { service: 'stripe' } }, () => 'ok')",
  ],
}

const HEAD = `import type { FastifyInstance, FastifyRequest } from 'fastify'
declare const app: FastifyInstance
declare const request: FastifyRequest
`

/** A module that imports these packages and uses what they add; what others add has to be unknown to it. */
export function moduleThatImports(...names: readonly string[]): string {
  const imports = names.map((name) => `import '${name}'\n`).join('')
  const known = names.includes('fastify-scs') ? Object.keys(AUGMENTATIONS) : names
  const lines = Object.entries(AUGMENTATIONS).flatMap(([name, statements]) => {
    // Each of them imports core, and so knows what core adds.
    const isKnown = known.includes(name) || (name === '@fastify-scs/core' && names.length > 0)
    return statements.map((text) => `${isKnown ? '' : '// @ts-expect-error\n'}void (${text})\n`)
  })
  return `${imports}${HEAD}${lines.join('')}`
}

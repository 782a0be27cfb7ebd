/** The packages that are released together, all with the same version. */
export const FAMILY = [
  'fastify-scs',
  '@fastify-scs/core',
  '@fastify-scs/store',
  '@fastify-scs/store-sqlite',
  '@fastify-scs/store-postgres',
  '@fastify-scs/error-reporter',
  '@fastify-scs/slow-call',
  '@fastify-scs/query-log',
  '@fastify-scs/integration-log',
  '@fastify-scs/console',
  '@fastify-scs/cli',
  '@fastify-scs/client',
  '@fastify-scs/testing',
] as const

import type { FastifyIntegrations } from 'fastify'

/** The names of the declared services, where the application has declared them as a type too; else any text. */
export type ServiceName = FastifyIntegrations extends {
  readonly services: infer Names extends string
}
  ? Names
  : string

import type { Redactor } from '@fastify-scs/core'
import type { ResolvedService } from '../options-service.js'

/** The redactor of each service: the app's, and where a service names more, or keeps some, one that does that too. */
export class ServiceRedactors {
  readonly #app: Redactor
  readonly #byService = new Map<string, Redactor>()

  constructor(app: Redactor, services: Iterable<ResolvedService>) {
    this.#app = app
    for (const { name, redact, keep } of services) {
      const { keys = [], headers = [] } = redact
      if (keys.length + headers.length + keep.length === 0) continue
      this.#byService.set(name, app.extend({ keys, headers, keep }))
    }
  }

  /** The redactor of a service; the app's for one that is not declared. */
  of(service: string | undefined): Redactor {
    return (service === undefined ? undefined : this.#byService.get(service)) ?? this.#app
  }
}

import { createRedactor, type Redactor } from '@fastify-scs/core'
import type { ResolvedService } from '../options.js'

/** The redactor of each service: the app's, and where a service names more, those too. */
export class ServiceRedactors {
  readonly #app: Redactor
  readonly #byService = new Map<string, Redactor>()

  constructor(app: Redactor, services: Iterable<ResolvedService>) {
    this.#app = app
    for (const { name, redact } of services) {
      const { keys = [], headers = [] } = redact
      if (keys.length + headers.length === 0) continue
      const own = createRedactor({ keys, headers, censor: app.censor })
      this.#byService.set(name, bothOf(own, app))
    }
  }

  /** The redactor of a service; the app's for one that is not declared. */
  of(service: string | undefined): Redactor {
    return (service === undefined ? undefined : this.#byService.get(service)) ?? this.#app
  }
}

// A redactor cannot be extended, so the one is applied to what the other leaves; a censor stays as it is.
function bothOf(own: Redactor, app: Redactor): Redactor {
  return {
    censor: app.censor,
    isSensitiveKey: (key, value, holder) =>
      own.isSensitiveKey(key, value, holder) || app.isSensitiveKey(key, value, holder),
    value: (value, budget) => app.value(own.value(value, budget), budget),
    json: (text, budget) => app.json(own.json(text, budget), budget),
    form: (text, budget) => app.form(own.form(text, budget), budget),
    url: (url, budget) => app.url(own.url(url, budget), budget),
    headers: (headers, budget) => app.headers(own.headers(headers, budget), budget),
    text: (text, budget) => app.text(own.text(text, budget), budget),
  }
}

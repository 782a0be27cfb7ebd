import type { FastifyReply, FastifyRequest } from 'fastify'
import { isLogMarkedDisabled, logControllerOf } from '../answer/compat-fastify.js'

/** What core uses of Fastify's LogController, which the host may have replaced by one of its own. */
export interface LogController {
  isLogDisabled(request: FastifyRequest): boolean
  defaultErrorLog(
    error: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
    metadata?: Readonly<Record<string, unknown>>,
  ): void
  routeNotFound(
    request: FastifyRequest,
    reply: FastifyReply,
    metadata?: Readonly<Record<string, unknown>>,
  ): void
}

/** The two lines about a failure that a log controller may have in its own words. */
export type FailureLine = 'defaultErrorLog' | 'routeNotFound'

interface Known {
  readonly controller: LogController | undefined
  readonly overridden: ReadonlySet<FailureLine>
}

/** Finds what the host has decided about the log lines of its requests. */
export class HostLogging {
  readonly #known = new WeakMap<object, Known>()

  /** Whether the host wants no lines about a request: the option `disableRequestLogging`, or its log controller. */
  isDisabled(request: FastifyRequest): boolean {
    const { controller } = this.#of(request)
    if (controller !== undefined) return controller.isLogDisabled(request)
    return isLogMarkedDisabled(request.log)
  }

  /** The host's log controller, if it writes such a line in its own words. */
  ownLineOf(request: FastifyRequest, line: FailureLine): LogController | undefined {
    const { controller, overridden } = this.#of(request)
    return overridden.has(line) ? controller : undefined
  }

  #of({ server }: FastifyRequest): Known {
    let known = this.#known.get(server)
    if (known === undefined) {
      const controller = logControllerOf(server) as LogController | undefined
      known = { controller, overridden: new Set(controller && overriddenLines(controller)) }
      this.#known.set(server, known)
    }
    return known
  }
}

function overriddenLines(controller: LogController): readonly FailureLine[] {
  let base: object = controller
  for (let next = Object.getPrototypeOf(base); next !== null && next !== Object.prototype; ) {
    base = next
    next = Object.getPrototypeOf(base)
  }
  const lines = ['defaultErrorLog', 'routeNotFound'] as const
  return lines.filter((line) => controller[line] !== (base as LogController)[line])
}

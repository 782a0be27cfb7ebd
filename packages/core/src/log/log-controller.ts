import type { FastifyReply, FastifyRequest } from 'fastify'
import { isLogMarkedDisabled, logControllerOf } from '../answer/compat-fastify.js'

/** The methods of Fastify's LogController that core uses. The application may have replaced the controller by its own. */
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

/** The two methods of a log controller that write a line about a failed request. */
export type FailureLine = 'defaultErrorLog' | 'routeNotFound'

interface Known {
  readonly controller: LogController | undefined
  readonly overridden: ReadonlySet<FailureLine>
}

/** Finds out how the application logs failed requests: not at all, by its own log controller, or by default. */
export class HostLogging {
  readonly #known = new WeakMap<object, Known>()

  /** Whether the application has disabled the lines of a request, by `disableRequestLogging` or by its log controller. */
  isDisabled(request: FastifyRequest): boolean {
    const { controller } = this.#of(request)
    if (controller !== undefined) return controller.isLogDisabled(request)
    return isLogMarkedDisabled(request.log)
  }

  /** The application's log controller, if it has its own method for this line. */
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

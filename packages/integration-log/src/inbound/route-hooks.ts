import type {
  FastifyReply,
  FastifyRequest,
  onErrorHookHandler,
  onRequestHookHandler,
  onSendHookHandler,
  preValidationHookHandler,
  RouteOptions,
} from 'fastify'
import type { Webhook } from './webhook.js'

/** The webhook of a request, started if need be; undefined when it cannot be recorded. */
export type WebhookFinder = (request: FastifyRequest, reply: FastifyReply) => Webhook | undefined

/** Where failures go: those of the plugin, and those of the functions in the route's option. */
export interface WebhookGuards {
  /** Runs a function and logs what it throws. */
  guard(run: () => void): void
  /** Gets what a function of the option threw, or that it returned something wrong. */
  onWrong(error: unknown): void
}

/** Adds the hooks that record a webhook to its route. */
export function hookWebhook(
  route: RouteOptions,
  find: WebhookFinder,
  { guard, onWrong }: WebhookGuards,
): void {
  const arrived: onRequestHookHandler = (request, reply, done) => {
    find(request, reply)
    done()
  }
  const parsed: preValidationHookHandler = (request, reply, done) => {
    guard(() => find(request, reply)?.received(request, onWrong))
    done()
  }
  const failed: onErrorHookHandler = (request, reply, error, done) => {
    guard(() => find(request, reply)?.threw(error))
    done()
  }
  const sending: onSendHookHandler = (request, reply, payload, done) => {
    guard(() => find(request, reply)?.sending(reply, payload))
    done(null, payload)
  }
  route.onRequest = [arrived, ...listOf(route.onRequest)]
  route.preValidation = [parsed, ...listOf(route.preValidation)]
  route.onError = [...listOf(route.onError), failed]
  // After the other hooks of the route, so that it sees what is sent.
  route.onSend = [...listOf(route.onSend), sending]
}

function listOf<Hook>(hooks: Hook | Hook[] | undefined): Hook[] {
  return hooks === undefined ? [] : ([hooks].flat() as Hook[])
}

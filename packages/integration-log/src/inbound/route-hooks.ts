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

/** Finds the webhook of a request, or begins it; undefined when it cannot be recorded. */
export type WebhookFinder = (request: FastifyRequest, reply: FastifyReply) => Webhook | undefined

/** What becomes of failures of ours, and of the route's option. */
export interface WebhookGuards {
  /** Keeps what fails from the host. */
  guard(run: () => void): void
  /** Is told what the option cannot tell of a request. */
  onWrong(error: unknown): void
}

/** Adds the hooks to a route by which a webhook learns what becomes of it. */
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
  // Behind the other hooks of the route, so that it sees what is sent.
  route.onSend = [...listOf(route.onSend), sending]
}

function listOf<Hook>(hooks: Hook | Hook[] | undefined): Hook[] {
  return hooks === undefined ? [] : ([hooks].flat() as Hook[])
}

/** The frames of the framework below a handler. */
const FRAMEWORK = [
  '    at preHandlerCallbackInner (/srv/orders/node_modules/fastify/lib/handle-request.js:190:24)',
  '    at preHandlerCallback (/srv/orders/node_modules/fastify/lib/handle-request.js:155:5)',
  '    at validationCompleted (/srv/orders/node_modules/fastify/lib/handle-request.js:145:5)',
  '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
]

/** The frames of an error: those of the application, and the framework's below them. */
export function framesAt(thrower: string, thrownAt: string, calledAt: string): readonly string[] {
  return [
    `    at ${thrower} (/srv/orders/src/${thrownAt})`,
    `    at async Object.<anonymous> (/srv/orders/src/${calledAt})`,
    ...FRAMEWORK,
  ]
}

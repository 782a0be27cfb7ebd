// One of three services that call each other; each writes its log and its reports to files of its own.
import { join } from 'node:path'
import scsPlugin, { isError, ServiceError, scsLogger } from '@fastify-scs/core'
import errorReporter, { fileReporter, logReporter } from '@fastify-scs/error-reporter'
import Fastify from 'fastify'

/** Starts it. */
export default async function start(options) {
  const { source, errorFormat, upstream, folder, forwards } = options
  const pathOf = (kind) => join(folder, `${source}.${kind}`)

  const app = Fastify({
    logger: scsLogger({ source, file: { path: pathOf('log'), level: 'info' } }),
  })
  await app.register(scsPlugin, { source, errorFormat, audit: false })
  await app.register(errorReporter, {
    errorReporter: [logReporter(), fileReporter({ path: pathOf('reports') })],
  })

  class InvalidUserError extends ServiceError {
    static code = 'INVALID_USER'
    static status = 401
  }
  const tooMany = app.scs.registerError({
    code: 429,
    id: 'profiles-too-many',
    message: 'Too many profiles were asked for',
  })

  /** How the first service fails. */
  const failures = {
    'a ServiceError': () => {
      throw new InvalidUserError("Sorry, we don't know you", { description: 'DB entry not found' })
    },
    'a registered error': () => {
      throw tooMany({ details: { limit: 3 } })
    },
    'a crash': () => {
      throw new TypeError('the row of db-7.internal has no name')
    },
    'a reported error': (request) => {
      const caught = new Error('the picture is gone')
      const error_id = request.reportError('A profile is broken', { caught })
      throw ServiceError.from({
        error: 'PROFILE_BROKEN',
        error_description: 'no picture in bucket 4',
        user_message: 'This profile is being repaired',
        status: 409,
        error_id,
      })
    },
  }

  /** What a service does with the failed answer of another one. */
  const forwarders = {
    'throws what it makes of the model': async (response) => {
      const model = await response.json()
      if (!isError(model)) throw new Error('that is no Error model')
      throw ServiceError.from(model)
    },
    'returns the model': async (response) => {
      const model = await response.json()
      if (!isError(model)) throw new Error('that is no Error model')
      return model
    },
    'throws what it makes of the response': async (response) => {
      throw await ServiceError.from(response)
    },
    'returns the model of the response': async (response) => {
      const error = await ServiceError.from(response)
      return error.toJSON()
    },
  }

  app.get('/profile', async (request) => {
    const { failure } = request.query
    if (upstream === undefined) return failures[failure](request)
    const response = await fetch(`${upstream}/profile?failure=${encodeURIComponent(failure)}`)
    return response.ok ? response.json() : forwarders[forwards](response)
  })

  return app
}

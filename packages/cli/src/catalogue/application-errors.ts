import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ClientError } from '@fastify-scs/core'
import scsPlugin from '@fastify-scs/core'
import { isObject, listAt } from '@fastify-scs/core/kit'
import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import { NoCatalogueError } from '../errors.js'

/** The exports of a module that may be the application, the first of them first. */
const EXPORTS = ['default', 'app', 'buildApp', 'createApp', 'build', 'plugin'] as const
const FETCH_MS = 10_000

/**
 * The errors that the clients of an application get. A module exports the app, a function without parameters that makes it, or a plugin;
 * the app is made ready, and never listens.
 *
 * @throws NoCatalogueError
 */
export async function errorsOfModule(path: string): Promise<readonly ClientError[]> {
  let app: FastifyInstance | undefined
  try {
    const exported = (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>
    const name = EXPORTS.find((each) => exported[each] !== undefined)
    if (name === undefined)
      throw new NoCatalogueError(path, `it exports none of ${EXPORTS.join(', ')}`)
    app = await appOf(exported[name])
    await app.ready()
    if (!app.hasDecorator('scs'))
      throw new NoCatalogueError(
        path,
        '@fastify-scs/core is not registered in its outermost context',
      )
    return app.scs.clientErrors()
  } catch (error) {
    if (error instanceof NoCatalogueError) throw error
    throw new NoCatalogueError(path, reasonOf(error), { cause: error })
  } finally {
    await app?.close()
  }
}

/** The same from the page of errors of an application that runs. @throws NoCatalogueError */
export async function errorsOfUrl(url: string): Promise<readonly ClientError[]> {
  try {
    const headers = { accept: 'application/json' }
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(FETCH_MS) })
    const body: unknown = answer.ok ? await answer.json() : undefined
    const errors = listAt(body, 'errors')
    if (isObject(body) && 'errors' in body && errors.every(isClientError)) return errors
    throw new NoCatalogueError(url, `it answers ${answer.status} and no list of errors`)
  } catch (error) {
    if (error instanceof NoCatalogueError) throw error
    throw new NoCatalogueError(url, reasonOf(error), { cause: error })
  }
}

/** What fetch throws has the reason in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause, message } = error as Error & { readonly cause?: NodeJS.ErrnoException }
  return cause instanceof Error ? `${message}: ${cause.message || cause.code}` : message
}

/** Whether it is one; another server may answer anything. */
function isClientError(value: unknown): value is ClientError {
  if (!isObject(value)) return false
  const { code, id, message, routes } = value as Readonly<Record<string, unknown>>
  const isText = (text: unknown): boolean => typeof text === 'string'
  return (
    typeof code === 'number' &&
    [id, message].every(isText) &&
    Array.isArray(routes) &&
    routes.every((route) => isObject(route) && 'method' in route && 'url' in route)
  )
}

async function appOf(exported: unknown): Promise<FastifyInstance> {
  if (isApp(exported)) return exported
  if (typeof exported !== 'function') throw new TypeError('its export is no app and no function')
  if (exported.length === 0) {
    const made: unknown = await exported()
    if (isApp(made)) return made
    throw new TypeError('the function that it exports makes no Fastify app')
  }
  return appWith(exported as FastifyPluginAsync)
}

/** An app with a plugin that registers core itself, or that is made for an app where it is registered. */
async function appWith(plugin: FastifyPluginAsync): Promise<FastifyInstance> {
  // In the outermost context, as in an application that it is.
  const open = Object.assign<FastifyPluginAsync, object>((app, options) => plugin(app, options), {
    [Symbol.for('skip-override')]: true,
  })
  const alone = Fastify()
  try {
    await alone.register(open)
    if (alone.hasDecorator('scs')) return alone
  } catch (error) {
    // Without core, that may be what it failed of; then the next attempt says what else is wrong.
    if (alone.hasDecorator('scs')) return closedWith(alone, error)
  }
  await alone.close().catch(() => {})
  const app = Fastify()
  try {
    await app.register(scsPlugin, { audit: false })
    await app.register(open)
    return app
  } catch (error) {
    return closedWith(app, error)
  }
}

/** Closes an app that does not start. @throws the error, which says why */
async function closedWith(app: FastifyInstance, error: unknown): Promise<never> {
  // What it says as it closes comes from the same cause.
  await app.close().catch(() => {})
  throw error
}

function isApp(value: unknown): value is FastifyInstance {
  return isObject(value) && 'ready' in value && 'hasDecorator' in value
}

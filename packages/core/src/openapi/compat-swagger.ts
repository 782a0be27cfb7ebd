import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import type { FastifyInstance } from 'fastify'
import { isObject } from '../kit/unknown-value.js'
import type { CollectedRoute } from '../throws/collected-routes.js'
import type { ApiDocument, Operation } from './api-document.js'

/*
 * What core uses of @fastify/swagger beyond its documented API, as of 9.9: that the decorator is a function which returns the document,
 * the same one each time; that it reads each route's `schema` when it is first called; and that it copies fields which begin with `x-` to the
 * operation. Where that changes, routes with a schema are found by their paths, as those without one are.
 */

/** The function that @fastify/swagger decorates an app with. */
export type DocumentFunction = (options?: { readonly yaml?: boolean }) => unknown

/** A context of the app that has a decorator of @fastify/swagger for its own. */
export interface DocumentOwner {
  readonly context: object
  readonly name: string
  readonly make: DocumentFunction
}

/** The decorators of these names that the routes' contexts have or inherit. */
export function findDocumentOwners(
  names: readonly string[],
  contexts: Iterable<FastifyInstance>,
): readonly DocumentOwner[] {
  const owners = new Map<string, DocumentOwner>()
  const seen = new Map<object, number>()
  for (const context of contexts) {
    for (const name of names) {
      const owner = ownerOf(context, name)
      if (owner === undefined) continue
      const make = (owner as Readonly<Record<string, unknown>>)[name]
      if (typeof make !== 'function') continue
      if (!seen.has(owner)) seen.set(owner, seen.size)
      owners.set(`${name} ${seen.get(owner)}`, {
        context: owner,
        name,
        make: make as DocumentFunction,
      })
    }
  }
  return [...owners.values()]
}

/** The context itself or the nearest one above it that has the property for its own. */
function ownerOf(context: object, name: string): object | undefined {
  if (!(name in context)) return undefined
  for (let at: object | null = context; at !== null; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, name)) return at
  }
  return undefined
}

/** Puts a function in the place of a decorator. */
export function replaceDocument({ context, name }: DocumentOwner, make: DocumentFunction): void {
  Object.defineProperty(context, name, {
    value: make,
    writable: true,
    enumerable: true,
    configurable: true,
  })
}

/** Marks the operations of a document with their routes, for as long as the document is made. */
export class RouteMarks {
  readonly #key = `x-scs-${randomUUID()}`

  /** Calls a function while each route that has a schema bears its mark. */
  during(routes: readonly CollectedRoute[], make: () => unknown): unknown {
    const marked: { options: { schema?: unknown }; schema: unknown }[] = []
    routes.forEach(({ options }, index) => {
      const { schema } = options
      // One without a schema stays so: a transform of the application may ask for that.
      if (!isObject(schema)) return
      marked.push({ options, schema })
      options.schema = { ...schema, [this.#key]: `route ${index}` } as typeof schema
    })
    try {
      return make()
    } finally {
      for (const { options, schema } of marked) options.schema = schema
    }
  }

  /** The index of the route that an operation documents; undefined without a mark. */
  indexOf(operation: Operation): number | undefined {
    const mark = operation[this.#key]
    return typeof mark === 'string' ? Number(mark.slice('route '.length)) : undefined
  }

  /** The operation without its mark. */
  without(operation: Operation): Operation {
    const { [this.#key]: _mark, ...rest } = operation
    return rest
  }
}

/**
 * Writes a document as YAML with the library that @fastify/swagger writes it with. In a bundle that library cannot be found: JSON is written, which
 * is YAML as well.
 */
export function toYaml(document: ApiDocument): string {
  try {
    const swagger = createRequire(import.meta.url).resolve('@fastify/swagger')
    const yaml = createRequire(swagger)('yaml') as {
      stringify(value: unknown, options: object): string
    }
    return yaml.stringify(document, { strict: false })
  } catch {
    return JSON.stringify(document, undefined, 2)
  }
}

import { isDeepStrictEqual } from 'node:util'
import type { ApiDocument, Dialect, Schema } from './api-document.js'
import { type SchemaTarget, writeSchema } from './json-schema.js'

type Section = 'schemas' | 'responses'

/** The shared schemas and responses of a document: those that it has, and ours, each of which is there once. */
export class Components {
  readonly #document: ApiDocument
  readonly #isSwagger2: boolean
  readonly #known: Readonly<Record<Section, Readonly<Record<string, unknown>>>>
  readonly #added: Record<Section, Map<string, unknown>> = {
    schemas: new Map(),
    responses: new Map(),
  }
  /** The references to what was added, by its contents. */
  readonly #references = new Map<string, string>()
  readonly #made = new Map<string, string>()
  readonly #target: SchemaTarget

  constructor(document: ApiDocument, dialect: Dialect) {
    this.#document = document
    this.#isSwagger2 = dialect === 'swagger-2'
    const { components, definitions, responses } = document
    this.#known = this.#isSwagger2
      ? { schemas: definitions ?? {}, responses: responses ?? {} }
      : { schemas: components?.schemas ?? {}, responses: components?.responses ?? {} }
    this.#target = {
      dialect,
      find: (id) => this.#find(id),
      share: (id, schema) => this.#share(id, schema),
    }
  }

  /** Makes a reference once for all that have the same key: most errors are those of hundreds of routes. */
  once(key: string, make: () => string): string {
    const known = this.#made.get(key)
    if (known !== undefined) return known
    const reference = make()
    this.#made.set(key, reference)
    return reference
  }

  /** Adds a JSON Schema under a name, or under one like it where the name is taken, and returns the reference. */
  schema(name: string, schema: Schema): string {
    return this.#add('schemas', name, writeSchema(schema, this.#target))
  }

  /** Adds a response as `schema` does. */
  response(name: string, response: unknown): string {
    return this.#add('responses', name, response)
  }

  /** The document with what was added. */
  document(): ApiDocument {
    const schemas = { ...this.#known.schemas, ...Object.fromEntries(this.#added.schemas) }
    const responses = { ...this.#known.responses, ...Object.fromEntries(this.#added.responses) }
    if (this.#isSwagger2) return { ...this.#document, definitions: schemas, responses }
    const { components } = this.#document
    return { ...this.#document, components: { ...components, schemas, responses } }
  }

  #add(section: Section, name: string, value: unknown): string {
    const contents = `${section} ${name} ${JSON.stringify(value)}`
    const known = this.#references.get(contents)
    if (known !== undefined) return known
    const free = this.#freeName(section, name)
    this.#added[section].set(free, value)
    const reference = this.#referenceTo(section, free)
    this.#references.set(contents, reference)
    return reference
  }

  #freeName(section: Section, name: string): string {
    const isTaken = (candidate: string): boolean =>
      Object.hasOwn(this.#known[section], candidate) || this.#added[section].has(candidate)
    let free = name
    for (let count = 2; isTaken(free); count++) free = `${name}_${count}`
    return free
  }

  #referenceTo(section: Section, name: string): string {
    if (!this.#isSwagger2) return `#/components/${section}/${name}`
    return section === 'schemas' ? `#/definitions/${name}` : `#/responses/${name}`
  }

  /** A shared schema of the application: @fastify/swagger numbers them, and gives them their `$id` as the title. */
  #find(id: string): string | undefined {
    const own = this.#references.get(`shared ${id}`)
    if (own !== undefined) return own
    const found = Object.entries(this.#known.schemas).find(
      ([name, schema]) => name === id || (schema as Schema | undefined)?.title === id,
    )
    return found === undefined ? undefined : this.#referenceTo('schemas', found[0])
  }

  /**
   * A schema may refer to itself: its reference is known before it is written. Another one of the same `$id`, the application's or that of other details,
   * has a name of its own.
   */
  #share(id: string, schema: Schema): string {
    const key = `shared ${id}`
    const contents = `${key} ${JSON.stringify(schema)}`
    const known = this.#references.get(contents)
    if (known !== undefined) return known
    const ofApplication = this.#find(id)
    if (ofApplication !== undefined && !this.#references.has(key)) {
      if (isDeepStrictEqual(this.#knownAt(ofApplication), plain(writeSchema(schema, this.#target))))
        return ofApplication
    }
    const name = this.#freeName('schemas', componentName(id))
    const reference = this.#referenceTo('schemas', name)
    this.#references.set(contents, reference)
    this.#references.set(key, reference)
    this.#added.schemas.set(name, {})
    this.#added.schemas.set(name, writeSchema(schema, this.#target))
    return reference
  }

  /** A schema of the application as it stands in the document, without the title that @fastify/swagger has given it. */
  #knownAt(reference: string): unknown {
    const name = reference.slice(reference.lastIndexOf('/') + 1)
    const { title: _title, ...rest } = (this.#known.schemas[name] ?? {}) as Schema
    return plain(rest)
  }
}

/** Without the symbols of TypeBox. */
function plain(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema)) as unknown
}

/** `orders-sold-out` -> `OrdersSoldOutError`: a name that code generators make the name of a type of. */
export function componentName(id: string, ending = ''): string {
  const words = id.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return name.endsWith(ending) ? name || 'Error' : `${name}${ending}`
}

/** A JSON Schema, as far as it is looked at here. */
export type Schema = { readonly [keyword: string]: unknown }

/** One operation of a document. */
export type Operation = {
  readonly responses?: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

/** The operations of one path, by lower-case method, and other fields. */
export type PathItem = Readonly<Record<string, unknown>>

/** The part of an OpenAPI or Swagger document that is read and added to. */
export interface ApiDocument {
  readonly openapi?: unknown
  readonly swagger?: unknown
  readonly basePath?: unknown
  readonly servers?: unknown
  readonly paths?: Readonly<Record<string, PathItem>>
  readonly components?: {
    readonly schemas?: Readonly<Record<string, unknown>>
    readonly responses?: Readonly<Record<string, unknown>>
    readonly [field: string]: unknown
  }
  readonly definitions?: Readonly<Record<string, unknown>>
  readonly responses?: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

/** Which JSON Schema a document speaks. */
export type Dialect = 'swagger-2' | 'openapi-3.0' | 'openapi-3.1'

/** The dialect of a document; undefined for something else. */
export function dialectOf({ openapi, swagger }: ApiDocument): Dialect | undefined {
  if (swagger === '2.0') return 'swagger-2'
  if (typeof openapi !== 'string' || !openapi.startsWith('3.')) return undefined
  return openapi.startsWith('3.0') ? 'openapi-3.0' : 'openapi-3.1'
}

/** The methods whose operations a path may have; other fields of it are no operations. */
export const OPERATIONS: readonly string[] = [
  'get',
  'put',
  'post',
  'delete',
  'options',
  'patch',
  'trace',
  'query',
]

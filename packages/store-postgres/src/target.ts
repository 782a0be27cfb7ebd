import { UrlError } from '@fastify-scs/store/adapter'
import pg from 'pg'

export const DEFAULT_SCHEMA = 'scs'

/** Where a store is: how to connect to it, and how to name it without its password. */
export interface Target {
  /** For the driver only: it holds the password. */
  readonly connectionString: string
  /** `host:port/database`, for messages. */
  readonly place: string
  readonly user: string
  readonly database: string
  /** The schema of all tables. */
  readonly schema: string
  /** The same in quotes, for SQL: it may be a word that SQL keeps for itself. */
  readonly quotedSchema: string
}

const PLAIN_NAME = /^[a-z_][a-z0-9_]{0,62}$/

/**
 * Reads a `postgres://` URL; `?schema=` names the schema, all other parameters (`sslmode`, `sslrootcert`,
 * `application_name` ...) are the driver's.
 *
 * @throws UrlError, which never shows the password
 */
export function parseTarget(text: string): Target {
  const url = parseUrl(text)
  const shown = `postgres://${url.host}${url.pathname}`
  const schema = url.searchParams.get('schema') ?? DEFAULT_SCHEMA
  if (!PLAIN_NAME.test(schema) || schema.startsWith('pg_')) {
    throw new UrlError(
      shown,
      '?schema= takes lower-case letters, digits and _, and no pg_ at the start',
    )
  }
  url.searchParams.delete('schema')
  const { host, port, user, database } = readByDriver(url.href, shown)
  return {
    connectionString: url.href,
    place: `${host}:${port}/${database}`,
    user: user ?? '',
    database: database ?? '',
    schema,
    quotedSchema: `"${schema}"`,
  }
}

function parseUrl(text: string): URL {
  // A URL that cannot be read is not shown: the password might be anywhere in it.
  if (!URL.canParse(text)) {
    throw new UrlError(
      'postgres://...',
      'it is no URL; write special characters of the password as %XX',
    )
  }
  const url = new URL(text)
  if (url.protocol === 'postgres:' || url.protocol === 'postgresql:') return url
  throw new UrlError(`${url.protocol}//...`, 'it does not begin with postgres://')
}

function readByDriver(connectionString: string, shown: string): pg.Client {
  try {
    return new pg.Client({ connectionString })
  } catch (error) {
    // Here the driver reads the certificate files of sslrootcert, sslcert and sslkey.
    const reason =
      error instanceof Error && 'path' in error ? `cannot read ${error.path}` : 'malformed'
    throw new UrlError(shown, reason, { cause: error })
  }
}

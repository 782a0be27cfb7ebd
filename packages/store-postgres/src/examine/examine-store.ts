import type { StoreFinding } from '@fastify-scs/store'
import { Database } from '../database.js'
import { startFault } from '../fault.js'
import { resolveOptions } from '../options.js'
import { checkSchema } from '../schema/migrate.js'
import { SCHEMA_VERSION } from '../schema/migrations.js'
import { parseTarget, type Target } from '../target.js'
import type { Ask } from './ask.js'
import {
  clockFinding,
  connectionsFinding,
  rightsFinding,
  serverFinding,
} from './server-findings.js'
import { wholeFindings } from './whole-findings.js'

/** For a statement that reads a whole table, in milliseconds. */
const WHOLE_MS = 600_000
const QUICK_MS = 10_000

/** Examines a schema of PostgreSQL without changing it. @throws UrlError */
export async function* examineStore(
  url: string,
  depth: 'quick' | 'whole',
): AsyncGenerator<StoreFinding> {
  const target = parseTarget(url)
  const database = new Database(target, resolveOptions({ poolSize: 2 }))
  try {
    if (depth === 'quick') yield* quickFindings(database, target)
    await checkSchema(database, target)
    yield {
      what: 'schema',
      state: 'good',
      says: `"${target.schema}" has version ${SCHEMA_VERSION}, which this version of the package makes`,
    }
    const ask = asking(database, WHOLE_MS)
    if (depth === 'quick') yield await ask((session) => rightsFinding(session, target))
    else yield* wholeFindings(ask, target)
  } catch (error) {
    yield failedFinding(startFault(error, target))
  } finally {
    await database.close()
  }
}

function asking(database: Database, statementMs: number): Ask {
  return (question) => database.transaction({ statementMs, isReadOnly: true }, question)
}

async function* quickFindings(database: Database, target: Target): AsyncGenerator<StoreFinding> {
  const ask = asking(database, QUICK_MS)
  yield await ask((session) => serverFinding(session, target))
  yield await ask(clockFinding)
  yield await ask(connectionsFinding)
}

function failedFinding(error: Error): StoreFinding {
  const code = 'code' in error ? String(error.code) : ''
  const isSchema = code.endsWith('NOT_A_STORE') || code.endsWith('SCHEMA_TOO_NEW')
  const { fix } = error.constructor as { readonly fix?: string }
  return {
    what: isSchema ? 'schema' : 'server',
    state: 'bad',
    says: error.message,
    ...(fix === undefined ? {} : { fix }),
  }
}

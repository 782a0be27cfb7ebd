import { readFileSync } from 'node:fs'
import { createRecordId } from '@fastify-scs/core/kit'
import { chooseDriver } from '../src/driver/choose-driver.js'
import { upTo } from './processes.js'

const OLD_SCHEMA = readFileSync(new URL('old-schema.sql', import.meta.url), 'utf8')

/** A record of a file of the schema 2. */
export interface OldRecord {
  readonly id: string
  readonly createdAt: number
  readonly data: object
}

/** Makes a file as version 2 of the schema has it, with these data in its records, a second apart from noon on. */
export function makeOldFile(path: string, data: readonly object[], noon: number): OldRecord[] {
  const connection = chooseDriver(undefined).open(path, { isReadOnly: false })
  try {
    connection.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; BEGIN')
    connection.exec(OLD_SCHEMA)
    const insert = connection.prepare(`INSERT INTO integration_requests
      (id, created_at, revision, service, status, status_code, summary, search_text, data)
      VALUES (?, ?, 1, 'stripe', 'Completed', 200, 'POST /x', 'post /x', ?)`)
    const records = upTo(data.length).map((index) => {
      const record = {
        id: createRecordId(),
        createdAt: noon + index * 1_000,
        data: data[index] ?? {},
      }
      insert.run(record.id, record.createdAt, JSON.stringify(record.data))
      return record
    })
    connection.exec('COMMIT')
    return records
  } finally {
    connection.close()
  }
}

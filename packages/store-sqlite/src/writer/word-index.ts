import { type RecordKind, type StoreRecord, searchedWords } from '@fastify-scs/store/adapter'
import type { Connection, Statement } from '../driver/driver.js'
import type { LockWait } from '../file/transaction.js'
import { transact } from '../file/transaction.js'
import type { Quota } from './quota.js'
import type { Wal } from './wal.js'

/** The kind whose bodies can be searched. */
export const WORDS_KIND: 'integration_requests' = 'integration_requests'

/** Rows whose words are indexed in one step, so that batches wait for milliseconds only. */
const CHUNK_ROWS = 50

/** The index of the words of a kind. */
export function wordsTable(kind: RecordKind): string {
  return `${kind}_words`
}

/** Whether a file has the index. */
export function hasWords(connection: Connection): boolean {
  const found = connection
    .prepare(`SELECT count(*) AS tables FROM sqlite_master WHERE type = 'table' AND name = ?`)
    .get(wordsTable(WORDS_KIND)) as { tables: number }
  return found.tables > 0
}

/** What is needed to index rows that are stored already. */
export interface FillTools {
  readonly lockWait: LockWait
  readonly wal: Wal
  readonly quota: Quota | undefined
}

/**
 * An index of the words of bodies, by the number of their row. Triggers remove the words of a row with the row, and when its data
 * changes, whichever process does that: a row may be missing in the index, but is never in it with words that it no longer has.
 */
export class WordIndex {
  readonly #connection: Connection
  readonly #put: Statement
  readonly #missing: Statement

  /** Makes the index where there is none. @throws what the driver throws */
  constructor(connection: Connection, lockWait: LockWait) {
    this.#connection = connection
    if (!hasWords(connection)) {
      transact(connection, lockWait, () => connection.exec(SCHEMA))
    }
    this.#put = connection.prepare(`INSERT OR REPLACE INTO ${WORDS} (rowid, words) VALUES (?, ?)`)
    this.#missing = connection.prepare(`SELECT rowid AS number, data FROM ${WORDS_KIND}
      WHERE rowid < ? AND NOT EXISTS
        (SELECT 1 FROM ${WORDS}_docsize AS known WHERE known.id = ${WORDS_KIND}.rowid)
      ORDER BY rowid DESC LIMIT ${CHUNK_ROWS}`)
  }

  /** Adds a row, also one without words, so that it counts as indexed. Returns about how many bytes that wrote. */
  put(number: number | bigint, data: StoreRecord['data']): number {
    const words = searchedWords(data).join(' ')
    this.#put.run(number, words)
    return words.length
  }

  /**
   * Adds the rows that are missing, newest first: those that are older than the index, and those that processes without the index
   * have written. Each step is a small piece of work, and yields how many of the oldest records were removed for it.
   */
  *fill({ lockWait, wal, quota }: FillTools): Generator<number, void> {
    for (let last: number | bigint | undefined = Number.MAX_SAFE_INTEGER; last !== undefined; ) {
      const before: number | bigint = last
      let bytes = 0
      const { lowest, removed } = transact(this.#connection, lockWait, () => {
        const usedBefore = quota?.usedBytes ?? 0
        const rows = this.#missing.all(before) as readonly MissingRow[]
        for (const { number, data } of rows) bytes += this.put(number, JSON.parse(data))
        return { lowest: rows.at(-1)?.number, removed: quota?.makeRoom(usedBefore) ?? 0 }
      })
      wal.grew(bytes)
      last = lowest
      yield removed
    }
  }
}

interface MissingRow {
  readonly number: number
  readonly data: string
}

const WORDS = wordsTable(WORDS_KIND)

/**
 * The share of removed rows, in percent, from which a part of the index is written anew without them. Rows go in the order in which they came,
 * so that waiting is little waste: with FTS5's own 10 a part is written nine times over while its rows go.
 */
const REWRITE_PERCENT = 50

// `ascii` splits at what is neither an ASCII letter or digit nor beyond ASCII: at the spaces between words that are made of letters
// and digits. Whether a row has a word is all that is asked, so no positions are kept.
const SCHEMA = `CREATE VIRTUAL TABLE ${WORDS} USING fts5
    (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
  INSERT INTO ${WORDS} (${WORDS}, rank) VALUES ('deletemerge', ${REWRITE_PERCENT});
  CREATE TRIGGER ${WORDS}_removed AFTER DELETE ON ${WORDS_KIND}
    BEGIN DELETE FROM ${WORDS} WHERE rowid = old.rowid; END;
  CREATE TRIGGER ${WORDS}_changed AFTER UPDATE OF data ON ${WORDS_KIND}
    BEGIN DELETE FROM ${WORDS} WHERE rowid = old.rowid; END;`

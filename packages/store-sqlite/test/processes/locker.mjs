// Holds the lock of a file, as another process does, until it reads a line: `node locker.mjs <path>`.
import { once } from 'node:events'
import { createRequire } from 'node:module'

const Database = createRequire(import.meta.url)('better-sqlite3')
const database = new Database(process.argv[2])
database.exec('BEGIN IMMEDIATE')
console.log('locked')
await once(process.stdin, 'data')
database.exec('COMMIT')
database.close()
console.log('released')
process.exit(0)

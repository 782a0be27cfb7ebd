// Holds the lock of a file, as another process does, until it reads a line: `node locker.mjs <path>`.
import { once } from 'node:events'
import { chooseDriver } from '../../dist/driver/choose-driver.js'

const database = chooseDriver(undefined).open(process.argv[2], { isReadOnly: false })
database.exec('BEGIN IMMEDIATE')
console.log('locked')
await once(process.stdin, 'data')
database.exec('COMMIT')
database.close()
console.log('released')
process.exit(0)

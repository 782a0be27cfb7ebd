// Brings a file of the schema 2 up to date and dies before it commits: `node migrator.mjs <path>`.
import { writeSync } from 'node:fs'
import { chooseDriver } from '../../dist/driver/choose-driver.js'
import { MIGRATIONS } from '../../dist/file/migrations.js'

const connection = chooseDriver(undefined).open(process.argv[2], { isReadOnly: false })
connection.exec('BEGIN IMMEDIATE')
for (const step of MIGRATIONS.slice(2)) connection.exec(step)
connection.exec(`PRAGMA user_version = ${MIGRATIONS.length}`)
writeSync(1, 'all statements done\n')
process.kill(process.pid, 'SIGKILL')

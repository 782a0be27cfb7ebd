// The line of store-sqlite's README for a bundle that is CommonJS.
import { join } from 'node:path'
import { printRecords } from './service.mjs'

printRecords({ workerUrl: join(__dirname, 'worker.js') })

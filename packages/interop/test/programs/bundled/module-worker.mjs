// The line of store-sqlite's README for a bundle that is a module.
import { printRecords } from './service.mjs'

await printRecords({ workerUrl: new URL('./worker.js', import.meta.url) })

// A service whose bundler was told nothing of the threads.
import { printRecords } from './service.mjs'

printRecords({})

// What a host preloads, as an instrumentation is: it says in which threads it runs.
import { writeSync } from 'node:fs'
import { threadId } from 'node:worker_threads'

writeSync(2, `preloaded in thread ${threadId}\n`)

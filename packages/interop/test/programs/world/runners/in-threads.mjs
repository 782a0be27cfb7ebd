// One app in each of three threads, on one file: prints what each has seen.
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { tryOut } from './service.mjs'

const seenIn = () =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url))
    worker.once('message', resolve)
    worker.once('error', reject)
  })

if (isMainThread) {
  const seen = await Promise.all([seenIn(), seenIn(), seenIn()])
  const afterwards = await tryOut('sqlite:./threads.db')
  console.log(JSON.stringify({ seen, afterwards }))
} else {
  parentPort.postMessage(await tryOut('sqlite:./threads.db'))
}

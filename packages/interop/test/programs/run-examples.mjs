// Runs whole programs of the pages, one after another in one process, and prints what they answer.
import { once } from 'node:events'

const answersByFile = {}
for (const file of process.argv.slice(2)) {
  const { app, requests } = await import(file)
  await app.ready()
  const answers = []
  for (const request of requests) {
    const answer = await app.inject(request)
    const { statusCode, headers, body } = answer
    answers.push({ ...request, statusCode, errorId: headers['x-error-id'] ?? null, body })
  }
  await app.close()
  answersByFile[file] = answers
}
if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain')
console.log(JSON.stringify(answersByFile))

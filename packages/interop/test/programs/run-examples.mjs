// Runs whole programs of the pages, one after another in one process, and prints what each has answered.
const files = process.argv.slice(2)

const answers = []
for (const file of files) {
  const { app, asked } = await import(file)
  await app.ready()
  const told = []
  for (const line of asked) {
    const [method, url] = line.split(' ')
    const payload = method === 'GET' ? undefined : {}
    const { statusCode, body } = await app.inject({ method, url, payload })
    told.push({ asked: line, statusCode, body })
  }
  await app.close()
  answers.push(told)
}
// The last line, whatever a program still has to log.
process.once('exit', () => console.log(JSON.stringify(answers)))

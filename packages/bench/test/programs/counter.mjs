import { answerRequests } from '../../dist/programs/answer-requests.js'

const [step = '1'] = process.argv.slice(2)
if (step === 'broken') process.exit(1)
let turns = 0

await answerRequests({
  turn: async () => {
    if (step === 'failing') process.exit(3)
    const start = process.cpuUsage()
    while (process.cpuUsage(start).user + process.cpuUsage(start).system < 8000);
    turns += 1
    return { value: turns * Number(step), pid: process.pid }
  },
})

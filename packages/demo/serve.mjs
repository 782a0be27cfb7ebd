// Runs what start.mjs has built, in a process that has started after it: a report shows no lines of a file that was changed since.
import { runDemo } from './dist/main.js'
import { stopSignal } from './stop-signal.mjs'

// `start | head` closes the pipe early: that is no failure.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

// Nobody could stop it once start.mjs is gone.
process.once('disconnect', () => process.exit(1))
process.channel?.unref()

await runDemo(JSON.parse(process.argv[2]), stopSignal())

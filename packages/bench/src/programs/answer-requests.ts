import { holdTick } from '../measure/held-tick.js'
import type { Sample } from '../measure/participant.js'

/** What a program can be asked for, by name. */
export type Answers = Readonly<Record<string, () => Promise<Sample>>>

const TURNS_ALONE = 6

/**
 * Tells the runner that this program is ready, answers its requests, and ends when the runner does.
 *
 * Without a runner, as under a profiler, it takes some turns, prints their figures and ends.
 */
export async function answerRequests(answers: Answers): Promise<void> {
  await holdTick()
  if (process.send === undefined) return runAlone(answers)
  process.once('disconnect', () => process.exit())
  process.on('message', (message) => {
    void answer(answers, message)
  })
  // The runner may have gone while the program started.
  if (!process.connected) process.exit()
  process.send({ isReady: true })
}

async function answer(answers: Answers, message: unknown): Promise<void> {
  try {
    const sample = await answerTo(answers, message)()
    if (process.connected) process.send?.({ sample })
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
}

function answerTo(answers: Answers, message: unknown): () => Promise<Sample> {
  const name =
    typeof message === 'object' && message !== null && 'request' in message
      ? String(message.request)
      : ''
  const found = answers[name]
  if (found !== undefined) return found
  throw new Error(`Unknown request '${name}'. Known: ${Object.keys(answers).join(', ')}`)
}

async function runAlone(answers: Answers): Promise<void> {
  for (let turn = 0; turn < TURNS_ALONE; turn += 1) console.log(await answers.turn?.())
  process.exit()
}

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** What a story's program says of itself when it is ready. */
interface Ready {
  readonly address: string
}

/** A service of a story, in a process of its own. */
export interface StoryProcess {
  /** `http://127.0.0.1:<port>`. */
  readonly address: string
  readonly child: ChildProcess
  /** Sends a request, JSON both ways; `body` is what came, or its text. */
  ask(path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  /** Waits for a message of the process that a test is true for, of those that came since it was started. */
  untilTold<Message>(test: (message: Message) => boolean): Promise<Message>
  /** Waits for its end: the exit code, or the signal. */
  ended(): Promise<number | string>
}

/** Starts `programs/<name>.mjs` in a folder; it is killed when the test ends. */
export async function startStory(
  name: string,
  folder: string,
  options: Readonly<Record<string, unknown>>,
): Promise<StoryProcess> {
  const program = join(import.meta.dirname, 'programs', `${name}.mjs`)
  const child = fork(program, [JSON.stringify(options)], {
    cwd: folder,
    // A debugger or a loader of the test's own is none of the program's.
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  // A child that was let go of by `disconnect` says `exit`, but never `close`.
  const end = once(child, 'exit') as Promise<[number | null, string | null]>
  const told: unknown[] = []
  child.on('message', (message) => {
    told.push(message)
    child.emit('told')
  })
  const untilTold = async <Message>(test: (message: Message) => boolean): Promise<Message> => {
    for (;;) {
      const found = told.find((message) => test(message as Message))
      if (found !== undefined) return found as Message
      const isOver = await Promise.race([
        once(child, 'told').then(() => false),
        end.then(() => true),
      ])
      if (isOver) throw new Error(`${name} has ended before it said so:\n${errors}`)
    }
  }
  const { address } = await untilTold<Ready>((message) => 'address' in message)
  return {
    address,
    child,
    ask: (path, body) => ask(`${address}${path}`, body),
    untilTold,
    ended: async () => {
      const [code, signal] = await end
      return code ?? signal ?? 'nothing'
    },
  }
}

async function ask(url: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const init =
    body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }
  const answer = await fetch(url, init)
  const text = await answer.text()
  try {
    return { status: answer.status, body: JSON.parse(text) }
  } catch {
    return { status: answer.status, body: text }
  }
}

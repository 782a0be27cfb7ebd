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
  /** Closes the service and waits for it; its process goes on. */
  close(): Promise<void>
  /** Waits for the end of its process: the exit code, or the signal. */
  ended(): Promise<number | string>
}

/** A process that runs services of stories, one after the other. */
interface Stage {
  readonly child: ChildProcess
  /** What it has said since its service was started. */
  told: unknown[]
  errors: string
  readonly end: Promise<[number | null, string | null]>
}

/** At module level, because a stage serves all tests of this process. */
const freeStages: Stage[] = []

/** Starts `programs/<name>.mjs` in a folder and in a process that nothing else runs in; it is closed when the test ends. */
export async function startStory(
  name: string,
  folder: string,
  options: Readonly<Record<string, unknown>>,
): Promise<StoryProcess> {
  const stage = freeStages.pop() ?? openStage('stage', folder)
  stage.told = []
  stage.errors = ''
  const story = await storyOn(stage, name, () =>
    stage.child.send({ start: { name, options, folder } }),
  )
  onTestFinished(async () => {
    if (!stage.child.connected) return
    await story.close()
    freeStages.push(stage)
  })
  return story
}

/** Runs `programs/<name>.mjs` in a process of its own to its end; it is killed when the test ends. */
export async function startProgram(
  name: string,
  folder: string,
  options: Readonly<Record<string, unknown>>,
): Promise<StoryProcess> {
  const stage = openStage(name, folder, [JSON.stringify(options)])
  onTestFinished(() => void stage.child.kill('SIGKILL'))
  return storyOn(stage, name, () => undefined)
}

function openStage(program: string, folder: string, args: readonly string[] = []): Stage {
  const child = fork(join(import.meta.dirname, 'programs', `${program}.mjs`), args, {
    cwd: folder,
    // A debugger or a loader of the test's own is none of the program's.
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  // A child that was let go of by `disconnect` says `exit`, but never `close`.
  const end = once(child, 'exit') as Promise<[number | null, string | null]>
  const stage: Stage = { child, told: [], errors: '', end }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stage.errors += text
  })
  child.on('message', (message) => {
    stage.told.push(message)
    child.emit('told')
  })
  return stage
}

async function storyOn(stage: Stage, name: string, begin: () => void): Promise<StoryProcess> {
  const { child, end } = stage
  const untilTold = async <Message>(test: (message: Message) => boolean): Promise<Message> => {
    for (;;) {
      const found = stage.told.find((message) => test(message as Message))
      if (found !== undefined) return found as Message
      const isOver = await Promise.race([
        once(child, 'told').then(() => false),
        end.then(() => true),
      ])
      if (isOver) throw new Error(`${name} has ended before it said so:\n${stage.errors}`)
    }
  }
  begin()
  const { address } = await untilTold<Ready>((message) => 'address' in message)
  let closing: Promise<unknown> | undefined
  return {
    address,
    child,
    ask: (path, body) => ask(`${address}${path}`, body),
    untilTold,
    close: async () => {
      if (closing === undefined) child.send({ end: true })
      closing ??= untilTold((message: object) => 'isFree' in message)
      await closing
    },
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

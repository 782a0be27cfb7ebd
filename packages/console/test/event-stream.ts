import { request } from 'node:http'

/** One server-sent event. */
export interface StreamEvent {
  readonly id?: string
  readonly event?: string
  readonly data?: unknown
}

/** A client of the live tail over a socket of its own. */
export interface EventStream {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly events: readonly StreamEvent[]
  /** All that came, comments too. */
  text(): string
  of(name: string): readonly StreamEvent[]
  readonly ended: Promise<void>
  /** Stops reading, as a client does that is too slow. */
  pause(): void
  resume(): void
  leave(): void
}

/** Opens a stream and reads it until it ends or is left. */
export function openStream(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<EventStream> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers, agent: false })
    asked.once('error', reject)
    asked.once('response', (response) => {
      let text = ''
      const events: StreamEvent[] = []
      let rest = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        const blocks = `${rest}${chunk}`.split('\n\n')
        rest = blocks.pop() ?? ''
        events.push(...blocks.flatMap(eventOf))
      })
      const ended = new Promise<void>((end) => {
        response.once('close', () => end())
      })
      asked.on('error', () => {})
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        events,
        text: () => text,
        of: (name) => events.filter(({ event }) => event === name),
        ended,
        pause: () => void response.pause(),
        resume: () => void response.resume(),
        leave: () => void asked.destroy(),
      })
    })
    asked.end()
  })
}

function eventOf(block: string): StreamEvent[] {
  const fields = Object.fromEntries(
    block.split('\n').map((line) => {
      const colon = line.indexOf(': ')
      return [line.slice(0, colon), line.slice(colon + 2)]
    }),
  )
  if (fields.event === undefined) return []
  return [{ ...fields, data: JSON.parse(fields.data ?? 'null') }]
}

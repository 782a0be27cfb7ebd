import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const REQUEST = 'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'
const END_OF_HEAD = '\r\n\r\n'
/** How many requests a connection has on their way: in one packet they cost this client little, and the server its usual work. */
const PIPELINED = 10

/** Sends so many requests over keep-alive connections, each of which waits for its answers before it asks again. */
export async function loadWithCrashes(
  port: number,
  { connections, requests }: { readonly connections: number; readonly requests: number },
): Promise<void> {
  const each = requests / connections
  await Promise.all(Array.from({ length: connections }, () => sendInTurn(port, each)))
}

async function sendInTurn(port: number, requests: number): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  try {
    await new Promise<void>((resolve, reject) => ask(socket, requests, resolve, reject))
  } finally {
    socket.destroy()
  }
}

function ask(
  socket: Socket,
  requests: number,
  onEnd: () => void,
  onFailure: (error: Error) => void,
): void {
  let left = requests
  let awaited = 0
  let received = ''
  const askOn = () => {
    awaited = Math.min(PIPELINED, left)
    socket.write(REQUEST.repeat(awaited))
  }
  socket.on('error', onFailure)
  socket.on('close', () => onFailure(new Error('the server closed the connection')))
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1')
    for (let end = endOfAnswer(received); end !== undefined; end = endOfAnswer(received)) {
      if (!received.startsWith('HTTP/1.1 500 ')) return onFailure(new Error(received))
      received = received.slice(end)
      left--
      awaited--
    }
    if (left === 0) onEnd()
    else if (awaited === 0) askOn()
  })
  askOn()
}

/** Where the first answer of a text ends; undefined when it is not there as a whole. */
function endOfAnswer(text: string): number | undefined {
  const head = text.indexOf(END_OF_HEAD)
  if (head === -1) return
  const end = head + END_OF_HEAD.length + Number(/content-length: (\d+)/i.exec(text)?.[1])
  return text.length < end ? undefined : end
}

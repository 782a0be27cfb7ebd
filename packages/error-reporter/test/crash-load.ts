import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const REQUEST = 'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'
const END_OF_HEAD = '\r\n\r\n'

/** Sends so many requests over keep-alive connections, each of which waits for an answer before it asks again. */
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
  let received = ''
  socket.on('error', onFailure)
  socket.on('close', () => onFailure(new Error('the server closed the connection')))
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1')
    const head = received.indexOf(END_OF_HEAD)
    if (head === -1) return
    const bodyBytes = Number(/content-length: (\d+)/i.exec(received)?.[1])
    if (received.length < head + END_OF_HEAD.length + bodyBytes) return
    if (!received.startsWith('HTTP/1.1 500 ')) onFailure(new Error(received))
    received = ''
    if (--left === 0) onEnd()
    else socket.write(REQUEST)
  })
  socket.write(REQUEST)
}

// Clients that see exactly what is on the wire: how many answers came, whole or cut, or none.
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'

/**
 * How long nothing at all is heard from the server until what waits is called never answered, in milliseconds. A busy machine
 * makes the server slow, not silent.
 */
const SILENCE_MS = Number(process.env.SILENCE_MS ?? 10_000)
/** How often that is looked at: a process that stood still hears what has come before it looks again. */
const LOOK_MS = SILENCE_MS / 10

let silentLooks = 0
const waiting = new Set()

setInterval(() => {
  silentLooks += 1
  if (silentLooks < SILENCE_MS / LOOK_MS) return
  heard()
  for (const callBack of waiting) callBack()
}, LOOK_MS)

function heard() {
  silentLooks = 0
}

/** Calls back when the server has been silent for long. */
function afterSilence(callback) {
  waiting.add(callback)
  return () => {
    heard()
    waiting.delete(callback)
  }
}

/** Asks over HTTP/1.1 and leaves when the handler has begun. */
export function askAndLeave(port, url, begun) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const stop = afterSilence(() => {
      stop()
      resolve({ how: 'never' })
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      stop()
      resolve({ how: 'cut' })
    })
    begun.once(url, () => socket.destroy())
    socket.write(`GET ${url} HTTP/1.1\r\nhost: a\r\n\r\n`)
  })
}

/** Asks over HTTP/1.1 and reads until the connection is closed. */
export function askHttp1(port, method, url) {
  return new Promise((resolve) => {
    const chunks = []
    const socket = connect(port, '127.0.0.1')
    const stop = afterSilence(() => end('never'))
    const end = (how) => {
      stop()
      socket.destroy()
      resolve(
        how === 'never' ? { how } : readHttp1(Buffer.concat(chunks).toString('latin1'), method),
      )
    }
    socket.on('data', (chunk) => {
      heard()
      chunks.push(chunk)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => end('closed'))
    const body =
      method === 'POST' ? 'content-type: text/plain\r\ncontent-length: 4\r\n\r\nbody' : '\r\n'
    socket.write(`${method} ${url} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${body}`)
  })
}

/** Takes the bytes of a connection apart: one whole answer, or what is wrong with it. */
function readHttp1(bytes, method) {
  let rest = bytes
  for (;;) {
    const [, status, , head, behind] =
      /^HTTP\/1\.1 (\d{3}) ([^\r\n]*)\r\n((?:[!#$%&'*+.^_`|~\w-]+: ?[\t\x20-\x7e\x80-\xff]*\r\n)*)\r\n([\s\S]*)$/.exec(
        rest,
      ) ?? []
    if (status === undefined) return { how: rest === '' ? 'cut' : 'malformed', bytes: rest }
    rest = behind
    if (status.startsWith('1')) continue
    const headers = Object.fromEntries(
      head
        .split('\r\n')
        .filter(Boolean)
        .map((line) => line.toLowerCase().split(/: ?(.*)/s)),
    )
    return { ...readBody(Number(status), headers, rest, method), status: Number(status), headers }
  }
}

function readBody(status, headers, rest, method) {
  const length = headers['content-length']
  const isChunked = headers['transfer-encoding'] === 'chunked'
  if (length !== undefined && isChunked) return { how: 'malformed', why: 'two lengths' }
  if (method === 'HEAD' || status === 204 || status === 304) {
    return rest === '' ? { how: 'whole', body: '' } : { how: 'malformed', why: 'a body' }
  }
  if (isChunked) return readChunks(rest)
  if (length === undefined) return { how: 'whole', body: rest }
  if (rest.length > Number(length)) return { how: 'malformed', why: 'too long' }
  return { how: rest.length === Number(length) ? 'whole' : 'cut', body: rest }
}

function readChunks(bytes) {
  let rest = bytes
  let body = ''
  for (;;) {
    const [line, hex] = /^([\da-f]+)\r\n/i.exec(rest) ?? []
    if (line === undefined) return { how: rest === '' ? 'cut' : 'malformed', body, bytes: rest }
    const length = Number.parseInt(hex, 16)
    rest = rest.slice(line.length)
    if (length === 0) {
      const isEnd = /^(?:[\w-]+: ?[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n$/.test(rest)
      return { how: isEnd ? 'whole' : 'malformed', body, bytes: rest }
    }
    if (rest.length < length + 2) return { how: 'cut', body }
    body += rest.slice(0, length)
    rest = rest.slice(length + 2)
  }
}

/** Asks over HTTP/2 without TLS, each time over a connection of its own. */
export function askHttp2(port, method, url) {
  return new Promise((resolve) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`)
    const seen = { answers: 0, body: '', isEnded: false }
    const stop = afterSilence(() => end('never'))
    const end = (how) => {
      stop()
      session.destroy()
      const { answers, body, headers } = seen
      resolve({ how: answers > 1 ? 'malformed' : how, status: headers?.[':status'], headers, body })
    }
    session.on('error', () => end('cut'))
    session.on('close', () => end('cut'))
    const stream = session.request({
      ':method': method,
      ':path': url,
      'content-type': 'text/plain',
    })
    stream.setEncoding('utf8')
    stream.on('response', (headers) => {
      heard()
      seen.answers++
      seen.headers = headers
    })
    stream.on('data', (chunk) => {
      heard()
      seen.body += chunk
    })
    stream.on('end', () => {
      seen.isEnded = true
    })
    stream.on('error', () => end('cut'))
    stream.on('close', () => {
      const isWhole = seen.answers === 1 && seen.isEnded && stream.rstCode === 0 && isFull(seen)
      end(isWhole ? 'whole' : 'cut')
    })
    stream.end(method === 'POST' ? 'body' : undefined)
  })

  function isFull({ headers, body }) {
    const length = headers['content-length']
    return (
      length === undefined ||
      method === 'HEAD' ||
      headers[':status'] === 204 ||
      headers[':status'] === 304 ||
      Buffer.byteLength(body) === Number(length)
    )
  }
}

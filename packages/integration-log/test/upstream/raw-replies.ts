import type { Socket } from 'node:net'

/** What a server does with a request whose head has arrived, byte for byte. */
export type RawReply = (socket: Socket) => void

const OK = 'HTTP/1.1 200 OK\r\n'

function say(text: string, isEnd = true): RawReply {
  return (socket) => {
    if (isEnd) socket.end(text, 'latin1')
    else socket.write(text, 'latin1')
  }
}

/** Replies that no well-behaved server gives, by path. */
export const RAW_REPLIES: Readonly<Record<string, RawReply>> = {
  '/empty-reply': (socket) => socket.end(),
  '/reset-at-once': (socket) => socket.resetAndDestroy(),
  '/reset-mid-body': (socket) => {
    // The reset follows once the beginning is on its way, and read by a client that has the head.
    socket.write(`${OK}content-length: 100000\r\n\r\nthe beginning`, () => {
      setTimeout(() => socket.resetAndDestroy(), 100)
    })
  },
  '/malformed-status': say('HTTP/1.1 abc OK\r\n\r\n'),
  '/malformed-header': say(`${OK}no colon here\r\n\r\nbody`),
  '/not-http': say('SSH-2.0-OpenSSH_9.2\r\n'),
  '/malformed-chunk': say(
    `${OK}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\nx\r\n0\r\n\r\n`,
  ),
  '/chunked-cut': say(`${OK}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n`),
  '/too-short': say(`${OK}content-length: 10\r\n\r\nhello`),
  '/too-long': say(`${OK}content-length: 5\r\n\r\nhello world`),
  '/no-length': say(`${OK}content-type: text/plain\r\nconnection: close\r\n\r\nuntil the end`),
  '/http-1.0': say('HTTP/1.0 200 Fine\r\n\r\nold'),
  '/bare-lf': say('HTTP/1.1 200 OK\ncontent-length: 2\n\nok'),
  '/continue-first': say(`HTTP/1.1 100 Continue\r\n\r\n${OK}content-length: 2\r\n\r\nok`),
  '/early-hints': say(
    `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${OK}content-length: 2\r\n\r\nok`,
    false,
  ),
  '/two-lengths': say(`${OK}content-length: 2\r\ncontent-length: 3\r\n\r\nok!`),
  '/huge-header': say(`${OK}x-huge: ${'h'.repeat(40_000)}\r\ncontent-length: 2\r\n\r\nok`),
  '/latin1-header': say(`${OK}x-name: Jos\xe9\r\ncontent-length: 2\r\n\r\nok`, false),
  '/no-reason': say('HTTP/1.1 299 \r\nX-MiXeD: Case\r\ncontent-length: 2\r\n\r\nok', false),
}

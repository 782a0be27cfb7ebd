import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import {
  type CrashReport,
  type ErrorReporter,
  emailReporter,
  logReporter,
  slackReporter,
  webhookReporter,
} from '@fastify-scs/error-reporter'
import { createTransport } from 'nodemailer'
import { SMTPServer } from 'smtp-server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { buildApp, type Line } from '../build-app.js'
import { startReceiver } from './receiver.js'

/** NUL, escape, DEL, C1, line and paragraph separators, marks of direction. */
const HOSTILE = ['\u0000', '\u001b', '\u007f', '\u009b', '\u2028', '\u202e', '\u2066', '\u200f']
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
const hostile = `before ${HOSTILE.join('x')}\r\nBcc: all@example.com after`

/** Lets an app crash and tell of an error with hostile texts, the second title by `beforeReport` itself. */
async function tell(errorReporter: ErrorReporter): Promise<readonly Line[]> {
  const beforeReport = (report: CrashReport): undefined => {
    if (!report.is_fatal_error) report.title = hostile
  }
  const test = await buildApp({ reporter: { errorReporter, beforeReport } })
  test.app.get('/', () => {
    throw new Error(hostile)
  })
  await test.app.inject('/')
  test.app.reportError(hostile)
  await test.reported()
  return test.log
}

describe('no title of a report can move, hide or reverse the text beside it', () => {
  it('in Slack', async () => {
    const receiver = await startReceiver()
    onTestFinished(() => receiver.close())
    await tell(slackReporter({ url: receiver.url }))
    for (const { body } of receiver.received) {
      const texts: string[] = []
      JSON.parse(body, (_key, value: unknown) => {
        if (typeof value === 'string') texts.push(value)
        return value
      })
      for (const text of texts) expect(text.replaceAll('\n', '')).not.toMatch(UNPRINTABLE)
      expect(body).toContain('before')
    }
    expect(receiver.received).toHaveLength(2)
  })

  it('in a webhook', async () => {
    const receiver = await startReceiver()
    onTestFinished(() => receiver.close())
    await tell(webhookReporter({ url: receiver.url }))
    const titles = receiver.received.map(({ body }) => (JSON.parse(body) as CrashReport).title)
    expect(titles).toHaveLength(2)
    for (const title of titles) {
      expect(title).not.toMatch(UNPRINTABLE)
      expect(title).toContain('\\u202e')
    }
  })

  it('in the log', async () => {
    const log = await tell(logReporter())
    const lines = log.filter((line) => 'report' in line || line.msg?.includes('before'))
    const own = lines.filter(({ msg, status }) => msg?.includes('before') && status === undefined)
    expect(own).toHaveLength(3)
    for (const { msg } of own) expect(msg).not.toMatch(UNPRINTABLE)
  })

  it('in the subject of a mail', async () => {
    const subjects: string[] = []
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: async (stream, _session, callback) => {
        const chunks: Buffer[] = []
        for await (const chunk of stream) chunks.push(chunk as Buffer)
        const source = Buffer.concat(chunks).toString().replaceAll('\r\n ', ' ')
        subjects.push(/^Subject: (.*)$/m.exec(source)?.[1] ?? '')
        callback()
      },
    })
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
    const listener = server.listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const { port } = listener.address() as AddressInfo
    const transport = createTransport({ host: '127.0.0.1', port, secure: false })
    await tell(emailReporter(transport, { from: 'a@example.com', to: 'b@example.com' }))
    transport.close()
    expect(subjects).toHaveLength(2)
    for (const subject of subjects) {
      // A subject that is only ASCII is not encoded.
      expect(subject).toContain('before \\u0000x\\u001bx\\u007fx\\u009bx')
      expect(subject).not.toMatch(UNPRINTABLE)
    }
  })
})

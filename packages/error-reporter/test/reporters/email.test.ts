import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { emailReporter } from '@fastify-scs/error-reporter'
import { createTransport } from 'nodemailer'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, it } from 'vitest'
import { boom, buildApp } from '../build-app.js'

interface Mail {
  readonly from: string
  readonly to: readonly string[]
  readonly source: string
}

let server: SMTPServer | undefined
afterEach(() => server?.close())

/** Starts a real SMTP server that refuses the first mails. */
async function startSmtp(refusals = 0): Promise<{ port: number; mails: Mail[] }> {
  const mails: Mail[] = []
  let refused = 0
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: async (stream, session, callback) => {
      const chunks: Buffer[] = []
      for await (const chunk of stream) chunks.push(chunk as Buffer)
      if (refused++ < refusals) return callback(new Error('the mailbox is full'))
      const { mailFrom, rcptTo } = session.envelope
      const from = mailFrom === false ? '' : mailFrom.address
      const source = Buffer.concat(chunks).toString()
      mails.push({ from, to: rcptTo.map(({ address }) => address), source })
      callback()
    },
  })
  const listener = server.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return { port: (listener.address() as AddressInfo).port, mails }
}

const addresses = { from: 'orders@example.com', to: ['ann@example.com', 'bob@example.com'] }

it('mails the report: the title is the subject, the JSON the text', async () => {
  const { port, mails } = await startSmtp()
  const transport = createTransport({ host: '127.0.0.1', port, secure: false })
  const test = await buildApp({ reporter: { errorReporter: emailReporter(transport, addresses) } })
  test.app.get('/', boom)
  await test.app.inject('/')
  await test.reported()
  transport.close()
  const [{ from, to, source } = { from: '', to: [], source: '' }] = mails
  expect([from, to]).toEqual([addresses.from, addresses.to])
  const unfolded = source.replaceAll('\r\n ', ' ').replaceAll('=\r\n', '')
  expect(unfolded).toContain(
    'Subject: FATAL BACKEND ERROR orders 500 SERVER_ERROR: GET /: secret detail',
  )
  expect(unfolded).toContain('"is_fatal_error": true')
})

it('a title cannot bring headers into the mail', async () => {
  const { port, mails } = await startSmtp()
  const transport = createTransport({ host: '127.0.0.1', port, secure: false })
  const test = await buildApp({ reporter: { errorReporter: emailReporter(transport, addresses) } })
  test.app.reportError('Oops\r\nBcc: everybody@example.com\r\n\r\nbody')
  await test.reported()
  transport.close()
  expect(mails[0]?.to).toEqual(addresses.to)
  expect(mails[0]?.source).not.toMatch(/^Bcc:/im)
})

it('is tried again when the server refuses it', async () => {
  const { port, mails } = await startSmtp(1)
  const transport = createTransport({ host: '127.0.0.1', port, secure: false })
  const reporter = { errorReporter: emailReporter(transport, addresses), delivery: { retryMs: 1 } }
  const test = await buildApp({ reporter })
  test.app.reportError('Oops')
  await test.reported()
  transport.close()
  expect(mails).toHaveLength(1)
  expect(test.app.errorReporter.stats().reporters).toMatchObject([
    { name: 'email', failed: 1, delivered: 1 },
  ])
})

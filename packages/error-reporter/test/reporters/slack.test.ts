import { slackReporter } from '@fastify-scs/error-reporter'
import { afterEach, expect, it } from 'vitest'
import { buildApp } from '../build-app.js'
import { type Receiver, startReceiver } from './receiver.js'

interface Block {
  readonly type: string
  readonly text?: { readonly text: string }
  readonly fields?: readonly { readonly text: string }[]
  readonly elements?: readonly { readonly text: string }[]
}

let receiver: Receiver
afterEach(() => receiver.close())

async function blocksOf(message: string): Promise<{ text: string; blocks: readonly Block[] }> {
  receiver = await startReceiver()
  const test = await buildApp({
    reporter: { errorReporter: slackReporter({ url: receiver.url }), apiVersion: '1.4.0' },
  })
  test.app.post('/orders', () => {
    throw new Error(message)
  })
  const headers = { authorization: 'Bearer abc', 'x-note': 'a header' }
  await test.app.inject({ method: 'POST', url: '/orders?q=query', headers, payload: { a: 'body' } })
  await test.reported()
  return JSON.parse(receiver.received[0]?.body ?? '')
}

it('posts title, place and trace as blocks, and no data of the request', async () => {
  const { text, blocks } = await blocksOf('the stock is gone')
  const title = 'FATAL BACKEND ERROR orders 500 SERVER_ERROR: POST /orders: the stock is gone'
  expect(text).toBe(title)
  expect(blocks.map(({ type }) => type)).toEqual(['header', 'section', 'section', 'context'])
  expect(blocks[0]?.text).toEqual({ type: 'plain_text', text: title })
  const fields = blocks[1]?.fields?.map((field) => field.text).join('\n')
  expect(fields).toContain('*Service*\norders 1.4.0')
  expect(fields).toContain('*Request*\nPOST /orders')
  expect(fields).toMatch(/\*Error id\*\n[0-9a-f-]{36}/)
  expect(blocks[2]?.text?.text).toMatch(
    /^```Error: the stock is gone\n +at [\s\S]*slack\.test\.ts[\s\S]*```$/,
  )
  expect(blocks[3]?.elements?.[0]?.text).toMatch(/^0 like it suppressed since the last report/)
  expect(JSON.stringify(blocks)).not.toMatch(/a header|query|"body"|Bearer/)
})

it('escapes Slack’s control characters, and keeps to its limits', async () => {
  const { text, blocks } = await blocksOf(`<!channel> & \`\`\` ${'<'.repeat(5_000)}`)
  expect(text).toContain('&lt;!channel&gt; &amp;')
  expect(blocks[0]?.text?.text.length).toBeLessThanOrEqual(150)
  const trace = blocks[2]?.text?.text ?? ''
  expect(trace).toContain("&lt;!channel&gt; &amp; '''")
  expect(trace.length).toBeLessThanOrEqual(3_000)
  expect(trace.replaceAll(/&(amp|lt|gt);/g, '')).not.toMatch(/[&<>]/)
})

it('asks Slack not to unfurl links', async () => {
  const body = await blocksOf('see https://evil.example/x.png')
  expect(body).toMatchObject({ unfurl_links: false, unfurl_media: false })
})

it('does not cut a character in two', async () => {
  for (let lead = 0; lead < 4; lead++) {
    const body = await blocksOf(`${'x'.repeat(lead)}${'\u{1F600}'.repeat(3_000)}`)
    expect(JSON.stringify(body)).not.toMatch(/\\ud[89a-f]/i)
    await receiver.close()
  }
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const main = join(import.meta.dirname, '..', 'dist', 'main.js')

async function runOnce(): Promise<{ text: string; code: unknown }> {
  const child = spawn(process.execPath, [main, '--once', '--port', '0'])
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const [code] = await once(child, 'close')
  return { text, code }
}

it('the demo answers its script, prints the audit lines, keeps its secrets and ends', async () => {
  const { text, code } = await runOnce()
  expect(code).toBe(0)
  expect(text).toContain('201 Created')
  expect(text).toContain("audit INFO: User 'ann' has ordered 2 of tea")
  expect(text).toContain('409 Conflict {"error":{"id":"orders-sold-out"')
  expect(text).toContain('500 Internal Server Error {"error":{"id":"orders-stock-unreachable"')
  expect(text).toContain('log ERROR: StockUnreachable: connect postgres://[redacted]@10.0.0.7')
  expect(text).toContain('429 Too Many Requests {"error":{"id":"login-guard-rate-limited"')
  expect(text.match(/ {8}login-guard-attempt-failed/g)).toHaveLength(3)
  expect(text.match(/Z login-guard-attempt-failed: A false/g)).toHaveLength(3)
  expect(text).toContain('FATAL BACKEND ERROR orders 500 ORDERS_STOCK_UNREACHABLE: GET /stock')
  expect(text).toContain('FATAL BACKEND ERROR orders 503 SERVICE_UNAVAILABLE: GET /health')
  expect(text).toContain('GET /export calltime exceeded 50 millisec!')
  expect(text).toMatch(
    /POST \/orders\/:id\/payment calltime exceeded 500 millisec!\n.*\n +within it POST http:.*\/v1\/charges: Completed after \d+ ms/,
  )
  expect(text).toMatch(/-> POST .*\/v1\/charges Completed \(201, .*\n +data: .*"\[redacted\]"/)
  expect(text).toMatch(/-> POST .*\/v1\/charges Failed \(402, [\s\S]*error: .*card_declined/)
  expect(text).toMatch(/-> POST .*\/v1\/charges Failed \(null, [\s\S]*due to timeout/)
  expect(text).toMatch(
    /-> GET .*\/v1\/events Completed \(200, .*\n +output: "event: charge.settled/,
  )
  expect(text).toMatch(/<- POST .*\/webhooks\/payments Completed \(202/)
  expect(text).toContain('4 of 6 belong to order 2')
  expect(text).toMatch(/4 audit events, 7 reports: \d+ written, 0 waiting/)
  const logged = text.replaceAll(/^> .*/gm, '')
  for (const secret of ['hunter2', '4242424242424242', 'secret_jFqW', 'sk_live'])
    expect(logged).not.toContain(secret)
})

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
  expect(text).toContain('4 audit events, 5 reports: 9 written, 0 waiting')
  expect(text).not.toContain('hunter2')
})

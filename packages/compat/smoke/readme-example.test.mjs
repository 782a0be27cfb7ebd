// The example of the README, as it is written there.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freePort, running } from './running.mjs'

test("the README's example answers, and writes its audit line", async (t) => {
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const env = { PORT: String(port) }
  // It prints nothing of its own: it is asked until it listens.
  const started = running(t, ['readme-example.mjs'], /Order 7 was read by 'null'/, env)
  await untilListening(address)
  assert.deepEqual(await ask(`${address}/orders/7`), [200, { id: '7' }])
  assert.deepEqual(await ask(`${address}/orders/0`), [
    409,
    { error: { id: 'orders-closed', message: 'This order is closed' } },
  ])
  const [status, { error }] = await ask(`${address}/nowhere`)
  assert.deepEqual([status, error.id], [404, 'not-found'])
  await started
})

async function untilListening(address) {
  for (;;) {
    try {
      await fetch(address)
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

async function ask(url) {
  const answer = await fetch(url)
  return [answer.status, await answer.json()]
}

// Programs of the smoke tests that go on until they are ended.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Starts a program on this Node, waits until a line of its output matches, and ends it after the test. */
export async function running(test, args, pattern, env = {}) {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const closed = once(child, 'close')
  test.after(async () => {
    child.kill('SIGINT')
    await closed
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  for (;;) {
    const found = pattern.exec(text)
    if (found !== null) return { found, output: () => text }
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`)
    await Promise.race([once(child.stdout, 'data'), closed])
  }
}

/** A port that nobody listens on at the moment. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

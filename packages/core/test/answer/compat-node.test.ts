import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { allowBody } from '../../src/answer/compat-node.js'

it('a response whose head of 204 was refused can have a body again', async () => {
  const server = createServer((_request, response) => {
    try {
      response.writeHead(204, { 'x-wrong': 'line\nbreak' })
    } catch {
      allowBody(response)
    }
    response.writeHead(500)
    response.end('what went wrong')
  })
  onTestFinished(() => void server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  expect([answer.status, await answer.text()]).toEqual([500, 'what went wrong'])
})

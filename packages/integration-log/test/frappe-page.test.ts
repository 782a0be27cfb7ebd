import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildApp, only, type TestApp } from './build-app.js'

/*
 * The two usages of "External API Integration Logs For Frappe Apps", translated: a document's hook calls a service and keeps
 * a record of it.
 */

const document = { doctype: 'Sales Order', name: 'SO-0001' }
const some_data_dict = { item: 'book', card_number: '4242 4242 4242 4242' }
const some_header_dict = { 'content-type': 'application/json', authorization: 'Bearer abc' }

let server: Server
let some_url: string
let statusCode: number
let folder: string
let test: TestApp

beforeEach(async () => {
  server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(statusCode, { 'content-type': 'application/json' })
      response.end(JSON.stringify(statusCode === 200 ? { id: 7, token: 't' } : { reason: 'no' }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  some_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`
  folder = mkdtempSync(join(tmpdir(), 'frappe-page-'))
  test = await buildApp({ store: `sqlite:${join(folder, 'scs.db')}`, core: { user: () => 'ann' } })
})
afterEach(async () => {
  await test.app.close()
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})

const answers = [
  [200, { status: 'Completed', output: { id: 7, token: '[redacted]' }, error: null }],
  [422, { status: 'Failed', output: null, error: { reason: 'no' } }],
] as const

it.each(answers)(
  'usage 1, create_request_log, when the service answers %i',
  async (code, outcome) => {
    statusCode = code
    test.app.post('/hook', async () => {
      const response = await fetch(some_url, {
        method: 'POST',
        body: JSON.stringify(some_data_dict),
        headers: some_header_dict,
      })
      const fields = {
        url: some_url,
        isRemoteRequest: true,
        reference: { type: document.doctype, id: document.name },
        statusCode: response.status,
        status: response.status === 200 ? 'Completed' : 'Failed',
      } as const
      const output = response.status === 200 ? await response.json() : undefined
      const error = response.status === 200 ? undefined : await response.text()
      test.app.integrations.log({
        data: some_data_dict,
        service: 'some_service',
        output,
        // Frappe parses text that is JSON, and so do we.
        error,
        requestHeaders: some_header_dict,
        ...fields,
      })
    })
    await test.app.inject({ method: 'POST', url: '/hook' })
    expect(only(await test.records())).toMatchObject({
      ...outcome,
      service: 'some_service',
      url: some_url,
      isRemoteRequest: true,
      reference: { type: 'Sales Order', id: 'SO-0001' },
      statusCode: code,
      requestHeaders: { 'content-type': 'application/json', authorization: '[redacted]' },
      data: { item: 'book', card_number: '[redacted]' },
      owner: 'ann',
    })
  },
)

it.each(answers)('usage 2, insert_log, when the service answers %i', async (code, outcome) => {
  statusCode = code
  test.app.post('/hook', async () => {
    const data = JSON.stringify(some_data_dict)
    const response = await fetch(some_url, {
      method: 'POST',
      body: data,
      headers: some_header_dict,
    })
    test.app.integrations.logResponse(response, {
      reference: { type: document.doctype, id: document.name },
      // A Python response holds its request; a response of fetch does not.
      requestHeaders: some_header_dict,
      data,
    })
    return await response.json()
  })
  const answer = await test.app.inject({ method: 'POST', url: '/hook' })
  expect(answer.json()).toEqual(code === 200 ? { id: 7, token: 't' } : { reason: 'no' })
  expect(only(await test.records())).toMatchObject({
    ...outcome,
    url: some_url,
    reference: { type: 'Sales Order', id: 'SO-0001' },
    statusCode: code,
    requestHeaders: { authorization: '[redacted]' },
    data: { item: 'book', card_number: '[redacted]' },
    owner: 'ann',
  })
})

it('with a declared service neither is needed: the call is recorded by itself', async () => {
  await test.app.close()
  test = await buildApp({
    log: { services: { some_service: { origin: new URL(some_url).origin } } },
  })
  statusCode = 200
  const response = await test.app.integrations.service('some_service').fetch('/orders', {
    method: 'POST',
    body: JSON.stringify(some_data_dict),
    headers: some_header_dict,
    reference: { type: document.doctype, id: document.name },
  })
  await response.json()
  expect(only(await test.records())).toMatchObject({
    service: 'some_service',
    url: some_url,
    status: 'Completed',
    data: { item: 'book', card_number: '[redacted]' },
    output: { id: 7, token: '[redacted]' },
    reference: { type: 'Sales Order', id: 'SO-0001' },
  })
})

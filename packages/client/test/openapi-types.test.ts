import swagger from '@fastify/swagger'
import type { ErrorFormatName } from '@fastify-scs/core'
import openapiTypescript, { astToString } from 'openapi-typescript'
import { afterAll, expect, it } from 'vitest'
import { closed, NotPaid, ordersService, soldOut } from './orders-service.js'
import { ScratchProject } from './scratch-project.js'

const project = new ScratchProject()
afterAll(() => project.remove())

/** What openapi-typescript makes of the service's document. */
async function typesOf(format: ErrorFormatName, openapi: string): Promise<string> {
  const app = await ordersService(format, async (own) => {
    await own.register(swagger, { openapi: { openapi, info: { title: 'orders', version: '1' } } })
  })
  app.register(async (child) => {
    child.post('/orders', { throws: [soldOut, closed, NotPaid] }, () => 'ok')
    child.post('/refunds', { throws: ['orders-closed'] }, () => 'ok')
  })
  await app.ready()
  const document = JSON.parse(JSON.stringify(app.swagger())) as Parameters<
    typeof openapiTypescript
  >[0]
  await app.close()
  return astToString(await openapiTypescript(document))
}

/** A client's code: what has to compile, and what must not. */
const usage = (name: string): string => `
import { createScsClient, type ErrorsOfPaths, readScsError } from '@fastify-scs/client'
import type { paths } from './${name}-api.js'

type Errors = ErrorsOfPaths<paths>
const orders = createScsClient<Errors>()

export async function leftOf(answer: unknown): Promise<number | undefined> {
  const error = readScsError(answer)
  if (orders.isScsError(error, 'orders-sold-out')) return error.details.left
  if (orders.isScsError(error, 'orders-closed')) {
    const details: unknown = error.details
    void details
    // @ts-expect-error nobody has described these details
    void error.details.left
  }
  orders.isScsError(error, 'order-not-paid')
  orders.isScsError(error, 'payload-too-large')
  // @ts-expect-error misspelt
  orders.isScsError(error, 'orders-soldout')
  return undefined
}

type Body = paths['/orders']['post']['responses'][409]['content']
export function leftOfBody(body: Body[keyof Body]): number | undefined {
  if (orders.isScsError(body, 'orders-sold-out')) return readScsError(body)?.details.left
  return undefined
}
`

it('types that openapi-typescript makes of a service tell the details of its errors, in each format', async () => {
  for (const [format, version] of [
    ['scs', '3.0.3'],
    ['scs', '3.1.0'],
    ['pymacaron', '3.1.0'],
    ['problem', '3.1.0'],
  ] as const) {
    const name = `${format}-${version.replaceAll('.', '')}`
    project.write(`${name}-api.ts`, await typesOf(format, version))
    project.write(`${name}.ts`, usage(name))
  }
  // What must not compile shows that the others are looked at.
  project.write('wrong.ts', usage('scs-310').replace('details.left\n', 'details.right\n'))
  expect(project.typeErrors()).toMatch(/^wrong\.ts\(\d+,\d+\): .*right.*\n$/)
})

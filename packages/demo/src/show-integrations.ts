import type { IntegrationRecord, Integrations } from '@fastify-scs/integration-log'

/** Prints the calls from and to the payment provider, as they are found by the order that they belong to. */
export async function showIntegrations(
  integrations: Integrations,
  print: (text: string) => void,
): Promise<void> {
  print('\n# The integration log: calls from and to the payment provider, newest first')
  const { items } = await integrations.find({ service: 'payments' })
  for (const record of items) show(record, print)
  const order = await integrations.find({ reference: { type: 'Order', id: '2' } })
  print(`  ${order.items.length} of ${items.length} belong to order 2`)
}

function show(record: IntegrationRecord, print: (text: string) => void): void {
  const { isRemoteRequest, status, method, url, statusCode, durationMs, key } = record
  const { data, output, error } = record
  const took = durationMs === null ? '' : `, ${Math.round(durationMs)} ms`
  const name = key === null ? '' : ` ${key}`
  print(
    `  ${isRemoteRequest ? '->' : '<-'} ${method} ${url} ${status} (${statusCode}${took})${name}`,
  )
  for (const [name, body] of Object.entries({ data, output, error })) {
    if (body !== null) print(`       ${name}: ${JSON.stringify(body)}`)
  }
}

import type { IntegrationRecord, Integrations } from '@fastify-scs/integration-log'
import type { Store } from '@fastify-scs/store'
import { causesOf } from './causes-of.js'

/** Prints what the store has kept of the script since `from`, as somebody on call would look for it. */
export async function showStore(
  store: Store,
  from: number,
  print: (text: string) => void,
): Promise<void> {
  await store.flush()
  const warnings = { level: 'WARN', text: 'authentication', from } as const
  const { items } = await store.find('audit_events', warnings)
  print('\n# The store: audit events at WARN about authentication, newest first')
  for (const { createdAt, keys } of items) {
    print(`  ${new Date(createdAt).toISOString()} ${keys.fingerprint}: ${keys.summary}`)
  }
  const reports = await store.find('reports', { from })
  print('\n# The store: crash, slow-call and blocked-loop reports, newest first')
  for (const { id, keys, data } of reports.items) {
    print(`  ${keys.summary}\n    ${keys.fingerprint} ${id}`)
    for (const cause of causesOf(data)) print(`    ${cause}`)
  }
  const events = await store.find('audit_events', { from })
  const { written, queue } = await store.stats()
  print(
    `  ${events.items.length} audit events, ${reports.items.length} reports: ${written} written, ${queue.records} waiting`,
  )
}

/** Prints the calls from and to the payment provider, as they are found by the order that they belong to. */
export async function showIntegrations(
  integrations: Integrations,
  from: number,
  print: (text: string) => void,
): Promise<void> {
  print('\n# The integration log: calls from and to the payment provider, newest first')
  const { items } = await integrations.find({ service: 'payments', from })
  for (const record of items) show(record, print)
  const order = await integrations.find({ reference: { type: 'Order', id: '2' }, from })
  print(`  ${order.items.length} of ${items.length} belong to order 2`)
}

function show(record: IntegrationRecord, print: (text: string) => void): void {
  const { isRemoteRequest, status, method, url, statusCode, durationMs, key } = record
  const { data, output, error } = record
  const answered = statusCode === null ? 'no answer' : String(statusCode)
  const took = durationMs === null ? '' : `, ${Math.round(durationMs)} ms`
  const name = key === null ? '' : ` ${key}`
  print(`  ${isRemoteRequest ? '->' : '<-'} ${method} ${url} ${status} (${answered}${took})${name}`)
  for (const [name, body] of Object.entries({ data, output, error })) {
    if (body !== null) print(`       ${name}: ${JSON.stringify(body)}`)
  }
}

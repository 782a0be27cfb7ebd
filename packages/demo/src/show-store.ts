import type { Store } from '@fastify-scs/store'

/** Prints what the store has kept of the script, as somebody on call would look for it. */
export async function showStore(store: Store, print: (text: string) => void): Promise<void> {
  await store.flush()
  const { items } = await store.find('audit_events', { level: 'WARN', text: 'authentication' })
  print('\n# The store: audit events at WARN about authentication, newest first')
  for (const { createdAt, keys } of items) {
    print(`  ${new Date(createdAt).toISOString()} ${keys.fingerprint}: ${keys.summary}`)
  }
  const reports = await store.find('reports')
  print('\n# The store: crash and slow-call reports, newest first')
  for (const { id, keys } of reports.items)
    print(`  ${keys.summary}\n    ${keys.fingerprint} ${id}`)
  const { stored, written, queue } = await store.stats()
  const { audit_events: events, reports: crashes } = stored?.records ?? {}
  print(
    `  ${events} audit events, ${crashes} reports: ${written} written, ${queue.records} waiting`,
  )
}

import type { Store } from '@fastify-scs/store'

/** Prints what the store has kept of the script, as somebody on call would look for it. */
export async function showStore(store: Store, print: (text: string) => void): Promise<void> {
  await store.flush()
  const { items } = await store.find('audit_events', { level: 'WARN', text: 'authentication' })
  print('\n# The store: audit events at WARN about authentication, newest first')
  for (const { createdAt, keys } of items) {
    print(`  ${new Date(createdAt).toISOString()} ${keys.fingerprint}: ${keys.summary}`)
  }
  const { stored, written, queue } = await store.stats()
  print(
    `  ${stored?.records.audit_events} audit events stored, ${written} written, ${queue.records} waiting`,
  )
}

import scsPlugin from '@fastify-scs/core'
import store, { type FoundGroup, type GroupChange, type Store } from '@fastify-scs/store'
import Fastify from 'fastify'
import { expect, onTestFinished } from 'vitest'

/** Opens a store for the time of a test. */
export async function storeOn(url: string): Promise<Store> {
  const app = Fastify()
  onTestFinished(() => app.close())
  await app.register(scsPlugin, { source: 'console', audit: false })
  await app.register(store, { url })
  await app.ready()
  return app.scsStore
}

/** The only group of a store; fails when there is none or more. */
export async function onlyGroup(opened: Store): Promise<FoundGroup> {
  const [group, ...more] = (await opened.groups()).items
  if (group === undefined || more.length > 0) throw new Error(`${more.length} groups too many`)
  return group
}

/** Changes the only group of a store. */
export async function changeGroup(opened: Store, what: Partial<GroupChange>): Promise<void> {
  const { fingerprint, revision: expected } = await onlyGroup(opened)
  const change = { expected, by: 'ada', at: Date.now(), ...what }
  expect(await opened.changeGroup(fingerprint, change)).toMatchObject({ isChanged: true })
}

/** Says of the only group which release has mended it. */
export function resolveGroup(opened: Store, resolvedIn: string): Promise<void> {
  return changeGroup(opened, { status: 'resolved', resolvedIn })
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CrashReport, ErrorReporterOptions } from '@fastify-scs/error-reporter'
import store from '@fastify-scs/store'
import { describe, expect, it, onTestFinished } from 'vitest'
import { boom, buildApp, type TestApp } from '../build-app.js'

/** An application's folder, or that of its database. */
function folder(packageJson?: object): string {
  const path = mkdtempSync(join(tmpdir(), 'release-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  if (packageJson !== undefined) {
    writeFileSync(join(path, 'package.json'), JSON.stringify(packageJson))
  }
  return path
}

/** A service whose package.json has a version, on a database that others may have too. */
async function serviceOf(
  url: string,
  name: string,
  version: string,
  reporter: ErrorReporterOptions = {},
): Promise<TestApp> {
  const root = folder({ name, version })
  const test = await buildApp({ core: { source: name }, reporter: { code: { root }, ...reporter } })
  await test.app.register(store, { url })
  test.app.get(`/${name}`, boom)
  await test.app.ready()
  onTestFinished(() => test.app.close())
  return test
}

async function crash(test: TestApp, name: string): Promise<CrashReport | undefined> {
  await test.app.inject(`/${name}`)
  return (await test.reported()).at(-1)?.report
}

async function resolve({ app }: TestApp, name: string): Promise<void> {
  const { items } = await app.scsStore.groups()
  const group = items.find(({ title }) => title.includes(name))
  if (group === undefined) throw new Error('there is no group')
  const change = {
    expected: group.revision,
    by: 'ada',
    at: Date.now(),
    status: 'resolved',
  } as const
  const { isChanged } = await app.scsStore.changeGroup(group.fingerprint, change)
  expect(isChanged).toBe(true)
  // In the next millisecond at the earliest: the time decides.
  await new Promise((later) => setTimeout(later, 5))
}

describe('a resolved error that comes again', () => {
  it('has regressed although the version in package.json was not raised', async () => {
    const url = `sqlite:${join(folder(), 'scs.db')}`
    const before = await serviceOf(url, 'orders', '1.0.0')
    expect((await crash(before, 'orders'))?.server.api_version).toBe('1.0.0')
    await resolve(before, 'orders')
    const after = await serviceOf(url, 'orders', '1.0.0')
    expect((await crash(after, 'orders'))?.group).toMatchObject({ is_regression: true })
  })

  it('has regressed although another service on the database has a higher version', async () => {
    const url = `sqlite:${join(folder(), 'scs.db')}`
    const before = await serviceOf(url, 'orders', '1.4.0')
    await crash(before, 'orders')
    await serviceOf(url, 'people', '7.2.0')
    await resolve(before, 'orders')
    const after = await serviceOf(url, 'orders', '1.5.0')
    expect((await crash(after, 'orders'))?.group).toMatchObject({ is_regression: true })
  })

  it('has not where the release was named and is the same', async () => {
    const url = `sqlite:${join(folder(), 'scs.db')}`
    const before = await serviceOf(url, 'orders', '1.0.0', { apiVersion: '2.0.0' })
    await crash(before, 'orders')
    await resolve(before, 'orders')
    const after = await serviceOf(url, 'orders', '1.0.0', { apiVersion: '2.0.0' })
    await crash(after, 'orders')
    expect((await after.app.scsStore.groups()).items).toMatchObject([{ status: 'resolved' }])
  })
})

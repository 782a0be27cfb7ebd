import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { nodeFinding, packagesFinding } from '../../src/doctor/versions.js'

const folder = mkdtempSync(join(tmpdir(), 'scs-cli-versions-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('a Node that is too old is said', () => {
  expect(nodeFinding('20.18.3')).toMatchObject({ state: 'bad' })
  for (const version of ['20.19.0', '22.0.0', '26.1.0'])
    expect(nodeFinding(version)).toMatchObject({ state: 'good' })
})

it('packages of the application that are of several versions are said', () => {
  // In another folder: Node remembers what a folder does not have.
  expect(packagesFinding(tmpdir())).toMatchObject({ state: 'good' })
  const place = join(folder, 'node_modules', '@fastify-scs', 'core')
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'package.json'), '{"name":"@fastify-scs/core","version":"9.1.0"}')
  expect(packagesFinding(folder)).toMatchObject({
    state: 'warning',
    says: expect.stringContaining('core 9.1.0'),
  })
})

it('a test package of another version is said as well', () => {
  const own = join(folder, 'with-testing')
  const place = join(own, 'node_modules', '@fastify-scs', 'testing')
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'package.json'), '{"name":"@fastify-scs/testing","version":"9.1.0"}')
  expect(packagesFinding(own)).toMatchObject({
    state: 'warning',
    says: expect.stringContaining('testing 9.1.0'),
  })
})

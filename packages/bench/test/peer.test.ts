import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { installPeer, peerModule } from '../src/measure/peer.js'

const NAME = '"name": "peer", "version": "0.0.0"'
let folder: string
let peers: URL

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fastify-scs-bench-'))
  peers = pathToFileURL(`${folder}/`)
  mkdirSync(join(folder, 'sentry-10'))
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

function describePeer(dependencies: string, lock: string): void {
  write('package.json', `{ ${NAME}, "dependencies": ${dependencies} }`)
  write('package-lock.json', lock)
}

function write(name: string, text: string): void {
  writeFileSync(join(folder, 'sentry-10', name), text)
}

const lockOf = (packages: string) => `{ ${NAME}, "lockfileVersion": 3, "packages": ${packages} }`

describe('installPeer', { timeout: 60_000 }, () => {
  it('installs once, and again when the lock file is another one', async () => {
    // A folder next to it, so that no registry is asked.
    mkdirSync(join(folder, 'sentry-10/tea'))
    write('tea/package.json', '{ "name": "tea", "version": "1.0.0" }')
    const dependencies = '{ "tea": "file:tea" }'
    const lockedAs = (license: string) =>
      lockOf(`{
        "": { ${NAME}, "license": "${license}", "dependencies": ${dependencies} },
        "node_modules/tea": { "resolved": "tea", "link": true },
        "tea": { "version": "1.0.0" }
      }`)
    describePeer(dependencies, lockedAs('MIT'))
    await installPeer('sentry-10', peers)
    expect(console.error).toHaveBeenCalledTimes(1)
    await installPeer('sentry-10', peers)
    expect(console.error).toHaveBeenCalledTimes(1)
    write('package-lock.json', lockedAs('ISC'))
    await installPeer('sentry-10', peers)
    expect(console.error).toHaveBeenCalledTimes(2)
  })

  it('says what to do when it cannot be installed, and tries again the next time', async () => {
    describePeer('{ "left": "file:./missing.tgz" }', lockOf(`{ "": { ${NAME} } }`))
    for (const _time of [1, 2]) {
      await expect(installPeer('sentry-10', peers)).rejects.toThrow(
        /Cannot install the peer 'sentry-10'.*npm registry once.*npm ci/,
      )
    }
  })
})

describe('peerModule', () => {
  it('is a file of the peer', () => {
    expect(peerModule('opentelemetry', 'server.mjs').pathname).toMatch(
      /\/packages\/bench\/peers\/opentelemetry\/server\.mjs$/,
    )
  })
})

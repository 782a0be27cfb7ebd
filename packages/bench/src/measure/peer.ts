import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Packages to compare with that are too heavy, or too many versions of one, for the workspace: folders of `peers/`. */
export type PeerName = 'fastify-metrics' | 'opentelemetry' | 'sentry-10' | 'sentry-11'

/** Relative to the compiled module, as to the source. */
const PEERS = new URL('../../peers/', import.meta.url)
const MAX_INSTALL_MS = 300_000
const FLAGS = [
  '--ignore-scripts',
  '--prefer-offline',
  '--no-audit',
  '--no-fund',
  '--fetch-retries=1',
  '--loglevel=error',
]

/** A module of a peer. */
export function peerModule(name: PeerName, file: string, peers: URL = PEERS): URL {
  return new URL(`${name}/${file}`, peers)
}

/**
 * Installs what a peer's lock file names, once: as long as the lock file stays the same nothing is asked of a registry.
 *
 * @throws Error when it cannot be installed
 */
export async function installPeer(name: PeerName, peers: URL = PEERS): Promise<void> {
  const lock = await readFile(peerModule(name, 'package-lock.json', peers))
  const wanted = createHash('sha256').update(lock).digest('hex')
  const marker = peerModule(name, 'node_modules/.installed', peers)
  if ((await textOf(marker)) === wanted) return
  const folder = fileURLToPath(peerModule(name, '', peers))
  console.error(`Installs ${folder}`)
  try {
    await promisify(execFile)('npm', ['ci', ...FLAGS], { cwd: folder, timeout: MAX_INSTALL_MS })
  } catch (cause) {
    throw new Error(
      `Cannot install the peer '${name}'. It needs the npm registry once; later runs do not. To install it by hand: ` +
        `cd ${folder} && npm ci --ignore-scripts`,
      { cause },
    )
  }
  await writeFile(marker, wanted)
}

/** As `installPeer`, one after another. */
export async function installPeers(...names: readonly PeerName[]): Promise<void> {
  for (const name of names) await installPeer(name)
}

async function textOf(file: URL): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    return null
  }
}

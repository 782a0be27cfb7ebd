import { closeSync, openSync, rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { basename, dirname } from 'node:path'

/** The shortest limit of a socket's path: macOS has 104 bytes with the last one for NUL, Linux 108. */
const PATH_BYTES = 103

/** What a look at a lock tells: its process lives, or is gone, or there is no lock. */
export type LockState = 'held' | 'free' | 'absent'

/** How locks are held and looked at. */
export interface OutboxLocks {
  /** Holds a lock until its function is called or this process ends, however it does; undefined where it can't. */
  hold(path: string): (() => void) | undefined
  look(path: string): Promise<LockState>
}

/**
 * A lock that is a listening socket of the file system: the kernel answers for a process as long as it lives, also while it
 * is stopped, and to every container that shares the folder. What it leaves behind when it dies refuses connections.
 */
export const socketLocks: OutboxLocks = {
  hold(path) {
    if (process.platform === 'win32') return undefined
    const server = createServer((socket) => socket.destroy())
    // Told by `listening` as well.
    server.on('error', () => {})
    try {
      withShortPath(path, (short) => server.listen({ path: short, exclusive: true }))
    } catch {
      // The process may have no permission for the network, which this is to Node.
      return undefined
    }
    if (!server.listening) return undefined
    server.unref()
    return () => letGo(server, path)
  },

  look(path) {
    return new Promise((resolve) => {
      withShortPath(path, (short) => {
        const socket = connect(short)
        socket.once('connect', () => {
          socket.destroy()
          resolve('held')
        })
        socket.once('error', ({ code }: NodeJS.ErrnoException) => {
          if (code === 'ECONNREFUSED') resolve('free')
          // Anything else, such as a queue that is full because its process is stopped: somebody has it.
          else resolve(code === 'ENOENT' ? 'absent' : 'held')
        })
      })
    })
  },
}

function letGo(server: Server, path: string): void {
  server.close()
  rmSync(path, { force: true })
}

/** Calls with a path that a socket can have: Linux finds a folder by its descriptor as well. */
function withShortPath(path: string, call: (short: string) => void): void {
  const folder = Buffer.byteLength(path) <= PATH_BYTES ? undefined : openFolder(dirname(path))
  if (folder === undefined) call(path)
  else {
    call(`/proc/self/fd/${folder}/${basename(path)}`)
    closeSync(folder)
  }
}

function openFolder(path: string): number | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    return openSync(path, 'r')
  } catch {
    // It is not there, which the call tells in its own way.
    return undefined
  }
}

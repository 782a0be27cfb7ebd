import { closeSync, openSync, rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { basename, dirname } from 'node:path'

/** The shortest limit of a socket's path: macOS has 104 bytes with the last one for NUL, Linux 108. */
const PATH_BYTES = 103

/** The state of a lock: its process lives, or is gone, or there is no lock. */
export type LockState = 'held' | 'free' | 'absent'

/** How locks are held and tested. */
export interface FileLocks {
  /** Holds a lock until the returned function is called or this process ends in any way; undefined where it can't. */
  hold(path: string): (() => void) | undefined
  look(path: string): Promise<LockState>
}

/**
 * A lock is a listening socket in the file system: the kernel accepts connections for a process as long as it lives, also while
 * it is stopped, and from every container that shares the folder. The socket file of a dead process refuses connections.
 */
export const socketLocks: FileLocks = {
  hold(path) {
    if (process.platform === 'win32') return undefined
    const server = createServer((socket) => socket.destroy())
    // `listening` says so as well.
    server.on('error', () => {})
    try {
      withShortPath(path, (short) => server.listen({ path: short, exclusive: true }))
    } catch {
      // Node treats this as network access, which the process may not be permitted.
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
          // Anything else, such as a full queue because the process is stopped, means that the lock is held.
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

/** Calls with a path that is short enough for a socket: on Linux a folder can be named by its descriptor. */
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
    // It does not exist; the call fails in its own way.
    return undefined
  }
}

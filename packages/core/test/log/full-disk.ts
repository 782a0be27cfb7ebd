import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

/** A path on a disk that is full until there is room; the folder is a link, the file is none. */
export interface FullDisk {
  /** Every write to it fails with ENOSPC. */
  readonly path: string
  /** From now on the path leads to a folder with room; returns the path. */
  makeRoom(): string
}

/** Makes one within a folder of the test. Linux only: it is the device `/dev/full`. */
export function fullDisk(folder: string): FullDisk {
  const disk = join(folder, 'disk')
  symlinkSync('/dev', disk)
  return {
    path: join(disk, 'full'),
    makeRoom() {
      rmSync(disk)
      mkdirSync(join(folder, 'room'))
      symlinkSync('room', disk)
      return join(disk, 'full')
    },
  }
}

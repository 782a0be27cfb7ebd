import type { StackNode } from '@fastify-scs/slow-call'

/** A frame of a stack that blocked the event loop. */
export interface SeedFrame {
  readonly name: string
  /** In `src/` of the service: `reports/daily.ts:41:31`. */
  readonly place: string
  /** Its share of all samples. @default that of the frame that called it */
  readonly share?: number
  readonly calls?: readonly SeedFrame[]
}

/** A frame of the tree as a report keeps it. */
export type KeptNode = Omit<StackNode, 'children'> & {
  /** 0 for an outermost one. */
  readonly depth: number
}

/** The frames as slow-call puts them together: a list in which each stands before those that it called. */
export function treeOf(frame: SeedFrame, samples: number, depth = 0, callerShare = 1): KeptNode[] {
  const { name, place, share: given = callerShare, calls = [] } = frame
  const [file = '', line, column] = place.split(':')
  const within = Math.round(given * samples)
  const share = within / samples
  return [
    {
      name,
      file: `/srv/orders/src/${file}`,
      line: Number(line),
      column: Number(column),
      isOwn: true,
      samples: within,
      share,
      depth,
    },
    ...calls.flatMap((called) => treeOf(called, samples, depth + 1, share)),
  ]
}

/** The stack that most samples have, innermost first. */
export function stackOf({ name, place, calls = [] }: SeedFrame): string[] {
  const [most] = [...calls].sort((one, other) => (other.share ?? 1) - (one.share ?? 1))
  const frame = `    at ${name} (/srv/orders/src/${place})`
  return most === undefined ? [frame] : [...stackOf(most), frame]
}

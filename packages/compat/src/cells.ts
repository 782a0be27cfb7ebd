/** The versions of Node that the packages claim: the lowest, and the newest of each release line. */
export const NODE_VERSIONS = ['20.19.0', '22', '24', '26'] as const
/** The versions of Fastify that the packages claim: the lowest, and the newest 5. */
export const FASTIFY_VERSIONS = ['5.0.0', '5'] as const

/** One run of the smoke tests. */
export interface Cell {
  /** A version that npm knows; undefined for the Node that runs this. */
  readonly node: string | undefined
  readonly fastify: string
}

/** Which runs a call asks for: `--smoke` is one, on this Node; `--node` and `--fastify` choose of the others. */
export interface Choice {
  readonly smoke: boolean
  readonly node: readonly string[]
  readonly fastify: readonly string[]
}

/** The runs, those of one Fastify together. @throws when nothing is chosen */
export function cellsOf({ smoke, node, fastify }: Choice): readonly Cell[] {
  if (smoke) return [{ node: undefined, fastify: '5' }]
  const nodes = node.length === 0 ? NODE_VERSIONS : node
  const fastifys = fastify.length === 0 ? FASTIFY_VERSIONS : fastify
  return fastifys.flatMap((fastify) => nodes.map((node) => ({ node, fastify })))
}

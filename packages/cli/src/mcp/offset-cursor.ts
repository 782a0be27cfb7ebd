import { WrongArgumentError } from './tool-failure.js'

/** A cursor for a list that is read as a whole: where its next page begins. */
export function writeOffset(offset: number): string {
  return `o${offset}`
}

/** @throws WrongArgumentError */
export function readOffset(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  const [, offset] = /^o(\d{1,6})$/.exec(cursor) ?? []
  if (offset !== undefined) return Number(offset)
  throw new WrongArgumentError(
    'the argument "cursor" must be computed.nextCursor of the answer before',
  )
}

/** Bytes of JSON that the items of one answer have at most. A text and the structured content hold them both. */
export const MAX_ITEM_BYTES = 49_152

/** How many of the items fit into an answer, one at least: an item is bounded itself. */
export function fitting(items: readonly unknown[], maxBytes: number = MAX_ITEM_BYTES): number {
  let bytes = 0
  for (const [index, item] of items.entries()) {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1
    if (bytes > maxBytes && index > 0) return index
  }
  return items.length
}

/** A page of a list that is read as a whole. */
export interface ListPage<Item> {
  readonly items: readonly Item[]
  /** Where the next page begins; null at the end. */
  readonly nextOffset: number | null
}

/** Cuts a page out of a list, as many items as are asked for and fit. */
export function pageOf<From, To>(
  list: readonly From[],
  offset: number,
  limit: number,
  show: (item: From) => To,
  maxBytes: number = MAX_ITEM_BYTES,
): ListPage<To> {
  const wanted = list.slice(offset, offset + limit).map(show)
  const items = wanted.slice(0, fitting(wanted, maxBytes))
  const next = offset + items.length
  return { items, nextOffset: next < list.length ? next : null }
}

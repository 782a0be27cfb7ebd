/** A list of which there is more, as far as its end needs it. */
export interface GrowingList {
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  fetchNextPage(): unknown
}

/** Gets more rows of a list that grows; nothing where all are there. */
export function MoreButton({ list }: { list: GrowingList }) {
  if (!list.hasNextPage) return null
  return (
    <button
      type="button"
      class="more"
      disabled={list.isFetchingNextPage}
      onClick={() => list.fetchNextPage()}
    >
      {list.isFetchingNextPage ? 'Loading …' : 'Show more'}
    </button>
  )
}

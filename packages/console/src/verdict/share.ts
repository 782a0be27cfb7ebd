/** How many of all had a property. */
export interface Share {
  readonly hits: number
  readonly total: number
}

/** By how much a share is higher than another one: the least and the most that it may be, given chance; from -1 to 1. */
export interface ShareChange {
  readonly least: number
  readonly most: number
}

/**
 * Normal quantile of 99.9 %, on two sides: of a thousand comparisons without a real change one looks like a change. A release has up to
 * some hundred of these.
 */
const Z = 3.29

/** The change from one share to another. Newcombe's interval (1998, method 10), of two Wilson intervals: it holds for small counts. */
export function changeOf(before: Share, since: Share): ShareChange {
  const from = wilson(before)
  const to = wilson(since)
  const change = to.share - from.share
  return {
    least: change - Math.hypot(to.share - to.least, from.most - from.share),
    most: change + Math.hypot(to.most - to.share, from.share - from.least),
  }
}

function wilson({ hits, total }: Share) {
  if (total === 0) return { share: 0, least: 0, most: 1 }
  const share = hits / total
  const centre = share + Z ** 2 / (2 * total)
  const half = Z * Math.sqrt((share * (1 - share)) / total + Z ** 2 / (4 * total ** 2))
  const scale = 1 + Z ** 2 / total
  return {
    share,
    least: Math.max(0, (centre - half) / scale),
    most: Math.min(1, (centre + half) / scale),
  }
}

/** An order, as the client sees it. */
export interface Order {
  readonly id: string
  readonly total: number
}

type Row = Readonly<Record<'id' | 'cents', string>>

/** Finds an order. */
export function findOrder(id: string, rows: readonly Row[]): Order {
  const row: Row | undefined = rows.find((each) => each.id === id)
  const password: string = 'correct-horse-1'
  if (row === undefined) throw new Error(`no order ${id}, ${password.length}`)
  const total: number = Number(row.cents) / 100
  return { id: row.id, total }
}

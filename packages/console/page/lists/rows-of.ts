import type { RecordRow } from '../../src/api/model.js'

/** A row of a kind. */
export type RowOf<Kind extends RecordRow['kind']> = Extract<RecordRow, { kind: Kind }>

/** The rows of a kind among rows. */
export function rowsOf<Kind extends RecordRow['kind']>(
  kind: Kind,
  rows: readonly RecordRow[] = [],
): readonly RowOf<Kind>[] {
  return rows.filter((row): row is RowOf<Kind> => row.kind === kind)
}

import type { CallRow } from '../../src/api/model.js'
import { Panel } from '../components/panel.js'
import { type Column, RecordTable } from '../components/record-table.js'
import { CALL_COLUMNS } from '../lists/columns.js'

const SHOWN = ['status', 'call', 'duration', 'when']

/** Each time that a call was sent, the first at the top; nothing for one that was sent once. */
export function AttemptsPanel({
  attempts,
  current,
}: {
  attempts: readonly CallRow[]
  /** The id of the call whose page this is. */
  current: string
}) {
  if (attempts.length < 2) return null
  const number: Column<CallRow> = {
    name: 'attempt',
    label: 'Attempt',
    width: 'narrow',
    cell: ({ id }) => {
      const place = attempts.findIndex((each) => each.id === id) + 1
      return id === current ? <strong>{place}, this one</strong> : place
    },
  }
  return (
    <Panel title="Attempts" isFlush>
      <RecordTable
        label="Attempts of this call, oldest first"
        columns={[number, ...CALL_COLUMNS.filter(({ name }) => SHOWN.includes(name))]}
        rows={attempts}
        hasKeys={false}
      />
    </Panel>
  )
}

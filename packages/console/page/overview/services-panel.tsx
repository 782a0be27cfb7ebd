import { useQuery } from '@tanstack/preact-query'
import { Link } from 'wouter-preact'
import type { ServiceRow } from '../../src/api/model.js'
import { useApi } from '../api/context.js'
import { servicesQuery } from '../api/queries.js'
import type { RangeName } from '../charts/range.js'
import { Empty } from '../components/empty.js'
import { Loaded } from '../components/loaded.js'
import { countText, shareText, shortCountText } from '../components/number-text.js'
import { Panel } from '../components/panel.js'
import { Ago } from '../components/time.js'
import { paths } from '../shell/paths.js'

/** The services whose calls failed most. */
export function ServicesPanel({ from, to, range }: { from: number; to: number; range: RangeName }) {
  const query = useQuery(servicesQuery(useApi(), { from, to }))
  return (
    <Panel title="Services" isFlush>
      <Loaded query={query}>
        {(rows) =>
          rows.length === 0 ? (
            <NoServices />
          ) : (
            <ServicesTable rows={rows.slice(0, 8)} range={range} />
          )
        }
      </Loaded>
    </Panel>
  )
}

function NoServices() {
  return (
    <Empty title="No calls to other services in this time.">
      Calls that go through <code>@fastify-scs/integration-log</code> show here, by service.
    </Empty>
  )
}

function ServicesTable({ rows, range }: { rows: readonly ServiceRow[]; range: RangeName }) {
  return (
    <div class="sideways">
      <table class="table">
        <caption class="hidden">Services, those with the most failed calls first</caption>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col" class="right">
              Failed
            </th>
            <th scope="col" class="right">
              Calls
            </th>
            <th scope="col" class="right">
              Last
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ service, calls, failed, lastAt }) => (
            <tr key={service}>
              <th scope="row" class="wrap">
                <Link
                  href={paths.calls({
                    service,
                    last: range,
                    ...(failed > 0 ? { status: 'Failed' } : {}),
                  })}
                >
                  {service}
                </Link>
              </th>
              <td class="right number">
                {failed === 0 ? (
                  <span class="muted">0</span>
                ) : (
                  <>
                    <span class="bad strong">{countText(failed)}</span>{' '}
                    <span class="muted">({shareText(failed / calls)})</span>
                  </>
                )}
              </td>
              <td class="right number">{shortCountText(calls)}</td>
              <td class="right muted">
                <Ago at={lastAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

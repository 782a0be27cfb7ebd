import { Link } from 'wouter-preact'
import type { ReportRow } from '../../src/api/model.js'
import { CodeBadge } from '../components/badge.js'
import { Ago, Duration } from '../components/time.js'
import { readTitle } from '../groups/group-title.js'
import { paths } from '../shell/paths.js'

/** Reports, a row each. */
export function ReportTable({
  reports,
  caption,
}: {
  reports: readonly ReportRow[]
  caption: string
}) {
  return (
    <div class="scroll">
      <table class="table">
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col">Status</th>
            <th scope="col">User</th>
            <th scope="col">Release</th>
            <th scope="col" class="right">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {reports.map((report) => (
            <tr key={report.id}>
              <td>
                <Ago at={report.createdAt} />
              </td>
              <th scope="row" class="table-main">
                <Link href={paths.report(report.id)} class="wrap" data-row="">
                  {readTitle(report.title).headline}
                </Link>
                <span class="mono muted wrap">{report.route ?? ''}</span>
              </th>
              <td>
                <CodeBadge code={report.statusCode} />
              </td>
              <td class="wrap">
                {report.user === null ? (
                  <span class="muted">–</span>
                ) : (
                  <Link href={paths.user(report.user)}>{report.user}</Link>
                )}
              </td>
              <td class="wrap">{report.release ?? <span class="muted">–</span>}</td>
              <td class="right">
                <Duration ms={report.durationMs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

import type { ComponentChildren } from 'preact'
import { Link } from 'wouter-preact'
import type { CallRow } from '../../src/api/model.js'
import { Facts } from '../components/panel.js'
import { SafeLink } from '../components/safe-link.js'
import { At } from '../components/time.js'
import { ReferenceLink, UserLink } from '../lists/columns.js'
import { paths } from '../shell/paths.js'
import { type Fields, textOf } from './fields.js'
import { RequestLinks } from './request-links.js'

type Fact = readonly [name: string, value: ComponentChildren]

/** What is known of a call besides its bodies; what it does not have is left out. */
export function CallFacts({ row, data }: { row: CallRow; data: Fields }) {
  const { service, key, url, user, reference, direction } = row
  const owner = textOf(data.owner)
  const rows: readonly (Fact | false)[] = [
    ['When', <At key="when" at={row.createdAt} />],
    service !== null && [
      direction === 'in' ? 'From' : 'To',
      <Link key="service" href={paths.calls({ service })}>
        {service}
      </Link>,
    ],
    url !== null && ['Address', <SafeLink key="url" url={url} />],
    row.description !== null && ['Description', row.description],
    ['Request', <RequestLinks key="request" row={row} />],
    textOf(data.route) !== undefined && ['Route', textOf(data.route)],
    reference !== null && ['Record', <ReferenceLink key="reference" reference={reference} />],
    (user ?? owner ?? null) !== null && [
      'Made for',
      <UserLink key="user" user={user ?? owner ?? null} />,
    ],
    key !== null && ['Key', <KeyLink key="key" service={service} name={key} />],
    textOf(data.remoteId) !== undefined && ['Their id', textOf(data.remoteId)],
    data.truncated === true && ['Bodies', 'Cut, or left out under pressure'],
  ]
  return <Facts rows={rows.filter((each) => each !== false)} />
}

function KeyLink({ service, name }: { service: string | null; name: string }) {
  return <Link href={paths.calls({ service, key: name })}>{name}</Link>
}

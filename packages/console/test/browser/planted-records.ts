import { RecordIdMaker, type StoreRecord } from '@fastify-scs/core/kit'
import { plant, planted } from './plant.js'
import { blocked, body, crash, headers, type Json, slow, time } from './planted-reports.js'

const call: Json = {
  modifiedAt: time.end,
  createdAt: time.start,
  service: 'service',
  isRemoteRequest: true,
  description: 'description',
  requestId: 'request',
  key: 'key',
  remoteId: 'remote id',
  owner: 'user',
  route: '/route',
  status: 'Failed',
  method: 'POST',
  url: 'https://url/',
  requestHeaders: headers(),
  data: body(),
  responseHeaders: headers(),
  output: '<html><body>text</body></html>',
  error: { message: 'message' },
  statusCode: 500,
  durationMs: 12,
  reference: { type: 'Order', id: '42' },
  truncated: false,
  retryOf: null,
  traceId: 'trace',
}

const audit: Json = {
  level: 'WARN',
  date: time.start,
  message: 'message',
  event: {
    type: 'type',
    details: { ip: 'ip', path: '/path', user: 'user', own: { deep: ['value'] } },
  },
  source: 'service',
  requestId: 'request',
}

/** One record of each kind that is shown, with a script in each of its texts; all of one request. */
export function plantedRecords(at: number): readonly StoreRecord[] {
  const ids = new RecordIdMaker()
  const record = (
    kind: StoreRecord['kind'],
    name: string,
    data: Json,
    keys: StoreRecord['keys'],
  ): StoreRecord => {
    const id = ids.next(at)
    const texts = planted(data, name) as StoreRecord['data']
    const shared = Object.fromEntries(
      ['service', 'user', 'route', 'release', 'summary'].map((key) => [
        key,
        plant(`${name}.keys.${key}`),
      ]),
    )
    const request = { requestId: plant('request'), traceId: plant('trace') }
    return {
      kind,
      id,
      createdAt: at,
      revision: 0,
      keys: { ...shared, ...request, fingerprint: plant('fingerprint'), ...keys },
      data: { ...texts, id },
      importance: 'high',
    }
  }
  return [
    record('reports', 'crash', crash, { status: 'fatal', statusCode: 500, durationMs: 12 }),
    record('reports', 'slow', slow, { status: 'slow', durationMs: 800 }),
    record('reports', 'blocked', blocked, { status: 'blocked' }),
    record('integration_requests', 'call', call, {
      status: 'Failed',
      statusCode: 500,
      durationMs: 12,
      key: plant('key'),
      remoteId: plant('remote'),
      referenceType: plant('reference.type'),
      referenceId: plant('reference.id'),
    }),
    record('audit_events', 'audit', audit, { level: 'WARN', fingerprint: plant('audit.type') }),
    {
      ...record('route_stats', 'route', {}, {}),
      data: {
        ...{ instance: plant('instance'), calls: 9, failed: 1, slow: 2, stuck: 1, aborted: 1 },
        ...{ sumMs: 900, minMs: 90, maxMs: 110, buckets: [120, 9] },
      },
    },
  ]
}

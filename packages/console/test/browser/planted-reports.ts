import type { StoreRecord } from '@fastify-scs/core/kit'
import { plant } from './plant.js'

export type Json = StoreRecord['data'][string]

/** A body whose names are planted too. */
export const body = (): Json => ({ [plant('name')]: 'value', list: ['one', { deep: 'two' }] })
export const headers = (): Json => ({ 'x-one': 'one', [plant('header-name')]: 'two' })

/** The times of a report. */
export const time = {
  start: '2026-11-26T08:00:00.000Z',
  end: '2026-11-26T08:00:01.000Z',
  microsecs: 1e6,
}
const cause = {
  name: 'Error',
  message: 'message',
  code: 'code',
  trace: ['Error: message', '    at f (/srv/f.js:1:1)'],
}

/** A crash report. */
export const crash: Json = {
  title: 'title',
  is_fatal_error: true,
  kind: 'fatal',
  error_id: 'error id',
  trace: ['Error: message', '    at handler (/srv/handler.js:1:1)'],
  code: [
    {
      frame: '    at handler (/srv/handler.js:1:1)',
      file: 'file',
      line: 2,
      column: 1,
      first_line: 1,
      lines: ['before', 'the line', 'after'],
    },
  ],
  stack: ['    at caller (/srv/caller.js:1:1)'],
  error_caught: { name: 'Error', message: 'message', code: 'code', own: 'own' },
  causes: [{ ...cause, errors: [{ ...cause, causes: [cause] }] }],
  data: { text: 'text' },
  time,
  response: {
    status: 500,
    error_code: 'code',
    error_description: 'text',
    user_message: 'text',
    interrupted: false,
  },
  user: {
    id: 'user',
    is_auth: 1,
    ip: 'ip',
    forwarded_ip: 'ip',
    user_agent: 'agent',
    name: 'name',
    email: 'email',
    language: 'en',
  },
  server: {
    fqdn: 'host',
    port: 80,
    api_name: 'service',
    api_version: 'release',
    commit: 'commit',
    environment: 'environment',
    pid: 1,
    node_version: 'v24',
    uptime_seconds: 1,
    memory: { rss: 1, heap_used: 1, heap_total: 1 },
    event_loop_delay: { mean: 1, p99: 1, max: 1 },
  },
  request: {
    id: 'request',
    method: 'GET',
    url: '/url',
    base_url: 'https://base/url',
    path: '/path',
    route: '/route',
    headers: headers(),
    query: { q: 'query' },
    params: { p: 'param' },
    body: body(),
  },
  call_id: 'call',
  call_path: 'path',
  trace_id: 'trace',
  span_id: 'span',
  facts: {
    audit_events: [{ message: 'message' }],
    own_fact: 'fact',
    queries: {
      count: 3,
      leftOut: 0,
      durationMs: 9,
      statements: [
        { system: 'system', text: 'statement', times: 2, durationMs: 6, isRepeated: true },
        { system: 'system', text: 'other', times: 1, durationMs: 3, isRepeated: false },
      ],
      list: [
        { statement: 0, at: 1, durationMs: 3, waitMs: 1, rows: 1, errorCode: null },
        { statement: 0, at: 5, durationMs: 3, waitMs: null, rows: 1, errorCode: 'code' },
        { statement: 1, at: 9, durationMs: 3, waitMs: null, rows: null, errorCode: null },
      ],
    },
    log_lines: [{ at: 1, level: 'warn', message: 'message' }],
  },
  group: {
    status: 'open',
    is_regression: false,
    occurrences: 1,
    suppressed: 0,
    held_back: 0,
    first_seen: time.start,
    last_seen: time.end,
  },
}

/** A report of a slow call. */
export const slow: Json = {
  ...crash,
  is_fatal_error: false,
  kind: 'slow',
  trace: [],
  code: [],
  causes: [],
  data: {
    kind: 'slow',
    title: 'title',
    requestId: 'request',
    method: 'GET',
    route: '/route',
    url: '/url',
    status: 200,
    isAborted: false,
    time,
    limitMs: 500,
    durationMs: 800,
    phases: {
      uploadMs: 1,
      parsingMs: 1,
      hooksMs: 1,
      handlerMs: 790,
      serializationMs: 2,
      sendingMs: 1,
    },
    phase: null,
    eventLoop: { maxDelayMs: 1, meanDelayMs: 1, utilization: 0.5 },
    gc: null,
    outbound: {
      calls: [
        {
          service: 'service',
          method: 'GET',
          url: 'https://url/',
          status: 'Failed',
          durationMs: 700,
        },
      ],
      totalMs: 700,
      share: 0.8,
    },
    inFlightAtStart: 0,
    occurrence: 1,
    suppressed: 0,
  },
}

/** A report of a blocked event loop. */
export const blocked: Json = {
  ...crash,
  is_fatal_error: false,
  kind: 'blocked',
  causes: [],
  facts: {},
  data: {
    kind: 'blocked',
    title: 'title',
    since: time.start,
    blockedMs: 3_000,
    limitMs: 1_000,
    end: 'process-ended',
    method: 'POST',
    route: '/route',
    url: '/url',
    requestId: 'request',
    inFlight: [{ endpoint: 'endpoint', requestId: 'request', ageMs: 3_000 }],
    note: 'note',
    openCalls: [{ url: 'url', query: 'statement' }, { other: 'other' }],
    samples: 4,
    tree: [
      {
        ...{ name: 'outer', file: '/srv/outer.js', line: 1, column: 1, isOwn: true },
        ...{ samples: 4, share: 1 },
        children: [
          {
            ...{ name: 'inner', file: '/srv/inner.js', line: 2, column: 2, isOwn: true },
            ...{ samples: 3, share: 0.75, children: [] },
          },
        ],
      },
    ],
    stack: ['    at inner (/srv/inner.js:2:2)'],
    suppressed: 0,
  },
}

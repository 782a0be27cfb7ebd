import type { LogLineFact, QueriesFact, QueryRun, StoreRecord } from '@fastify-scs/core/kit'
import { RecordIdMaker } from '@fastify-scs/core/kit'

type Data = StoreRecord['data']
type Json = Data[string]

export const LINES_OF = 'SELECT sku, amount FROM order_lines WHERE order_id = ?'
export const ORDERS_OF = 'SELECT id FROM orders WHERE customer = ?'
export const CHANGE = 'UPDATE orders SET state = ? WHERE id = ?'

const ROUTE = 'GET /customers/:id/orders'
const OWN = '    at priceOf (file:///srv/shop/dist/prices.js:9:24)'
const CALLER = '    at async listOrders (file:///srv/shop/dist/orders.js:31:12)'

/** The queries of a request with an N+1 and a failed statement. */
export function queriesAt(arrivedAt: number, times = 12): QueriesFact {
  const run = (statement: number, index: number, rest: Partial<QueryRun> = {}): QueryRun => ({
    statement,
    at: arrivedAt + 4 + index * 7,
    durationMs: 7,
    waitMs: index === 1 ? 2.5 : null,
    rows: 3,
    errorCode: null,
    ...rest,
  })
  const statement = (text: string, count: number, isRepeated: boolean) => ({
    system: 'postgresql',
    text,
    times: count,
    durationMs: count * 7,
    isRepeated,
  })
  return {
    count: times + 2,
    leftOut: 0,
    durationMs: (times + 2) * 7,
    statements: [
      statement(ORDERS_OF, 1, false),
      statement(LINES_OF, times, true),
      statement(CHANGE, 1, false),
    ],
    list: [
      run(0, 0),
      ...Array.from({ length: times }, (_, index) => run(1, index + 1)),
      run(2, times + 1, { rows: null, errorCode: '23505' }),
    ],
  }
}

/** A crash with queries, log lines and lines of code; of compiled TypeScript. */
export function crashData(at: number, queries: QueriesFact): Data {
  const logLines: LogLineFact[] = [
    { at: at - 290, level: 'info', message: 'listing orders of a customer' },
    { at: at - 20, level: 'warn', message: 'an order has no price' },
  ]
  return {
    title: `FATAL BACKEND ERROR shop 500 INTERNAL_ERROR: ${ROUTE}: price is undefined`,
    is_fatal_error: true,
    kind: 'fatal',
    error_id: 'error-1',
    trace: [
      'TypeError: price is undefined',
      OWN,
      CALLER,
      '    at async Object.handler (file:///srv/shop/node_modules/fastify/lib/handle-request.js:1:1)',
    ],
    code: [
      {
        ...{ frame: OWN, file: 'src/prices.ts', line: 40, column: 11, first_line: 38 },
        lines: [
          'export function priceOf(line: OrderLine): number {',
          '  const price = line.price',
          '  return price.amount * line.amount // fails for a line without a price',
          '}',
          '',
        ],
      },
      {
        ...{ frame: CALLER, file: 'src/orders.ts', line: 12, column: 9, first_line: 10 },
        lines: ['a()', 'b()', 'await c()', 'd()', 'e()'],
      },
    ],
    stack: [],
    error_caught: null,
    causes: [
      {
        name: 'DatabaseError',
        message: 'duplicate key',
        code: '23505',
        trace: ['DatabaseError: duplicate key', CALLER],
      },
    ],
    data: null,
    time: timeOf(at - 300, at),
    response: null,
    user: null,
    server: {
      api_name: 'shop',
      api_version: '1.4.0',
      commit: '0123456789abcdef0123456789abcdef01234567',
    },
    request: { id: 'request-1', method: 'GET', url: '/customers/7/orders' },
    facts: { queries, log_lines: logLines },
  }
}

/** A slow call with as many queries as are kept. */
export function slowData(at: number): Data {
  const queries = queriesAt(at - 1_500, 198)
  const details = {
    kind: 'slow',
    title: `${ROUTE} calltime exceeded 500 millisec!`,
    requestId: 'request-2',
    method: 'GET',
    route: '/customers/:id/orders',
    url: '/customers/7/orders',
    status: 200,
    isAborted: false,
    time: timeOf(at - 1_500, at),
    limitMs: 500,
    durationMs: 1_500,
    phases: {
      uploadMs: 0,
      parsingMs: 0.2,
      hooksMs: 1,
      handlerMs: 1_490,
      serializationMs: 6,
      sendingMs: 2,
    },
    phase: null,
    eventLoop: { maxDelayMs: 2, meanDelayMs: 1, utilization: 0.3 },
    gc: null,
    outbound: null,
    queries: { count: 200, totalMs: 1_400, share: 0.93, repeated: [] },
    inFlightAtStart: 2,
    occurrence: 1,
    suppressed: 0,
  }
  return {
    title: details.title,
    kind: 'slow',
    trace: [],
    data: details,
    time: details.time,
    request: { id: 'request-2', method: 'GET', url: details.url },
    facts: { queries },
  }
}

function frame(depth: number, name: string, place: string, samples: number): Json {
  const [file = '', line, column] = place.split(/:(?=\d+(?::\d+)?$)/)
  const isOwn = !place.startsWith('node:') && !place.includes('node_modules')
  const at = { line: Number(line), column: Number(column ?? 1) }
  return { name, file, ...at, isOwn, samples, share: samples / 12, depth }
}

/** A blocked event loop: a regular expression within a handler. */
export function blockedData(at: number, end: 'ended' | 'process-ended'): Data {
  const innermost = '    at isAddress (/srv/shop/src/check.js:18:20)'
  const blocked = 'POST /subscribe blocked the event loop for 3012 millisec'
  const title = end === 'ended' ? `${blocked}!` : `${blocked} or more, until the process ended!`
  return {
    title: `NON-FATAL BACKEND ERROR shop: ${title}`,
    kind: 'blocked',
    trace: [innermost, '    at subscribe (/srv/shop/src/subscribe.js:7:9)'],
    code: [
      {
        ...{ frame: innermost, file: 'src/check.js', line: 18, column: 20, first_line: 16 },
        lines: [
          '/** Whether a text is an address. */',
          'export function isAddress(text) {',
          '  return /^([a-z0-9]+)+@example$/.test(text)',
          '}',
          '',
        ],
      },
    ],
    data: {
      kind: 'blocked',
      title,
      since: new Date(at - 3_012).toISOString(),
      blockedMs: 3_012,
      limitMs: 1_000,
      end,
      method: 'POST',
      route: '/subscribe',
      url: '/subscribe?list=news',
      requestId: 'request-3',
      inFlight: [
        { endpoint: 'POST /subscribe', requestId: 'request-3', ageMs: 3_020 },
        { endpoint: ROUTE, requestId: 'request-4', ageMs: 2_400 },
      ],
      note: null,
      openCalls: [{ system: 'postgresql', query: ORDERS_OF, durationMs: null }],
      samples: 12,
      tree: [
        frame(0, 'subscribe', '/srv/shop/src/subscribe.js:7:9', 12),
        frame(1, 'run', '/srv/shop/node_modules/steps/run.js:3:1', 12),
        frame(2, 'step', '/srv/shop/node_modules/steps/run.js:9:1', 12),
        frame(3, 'next', '/srv/shop/node_modules/steps/run.js:12:1', 12),
        frame(4, 'checkAll', '/srv/shop/src/check.js:30:5', 12),
        frame(5, 'isAddress', '/srv/shop/src/check.js:18:20', 11),
        frame(6, 'RegExp: ^([a-z0-9]+)+@example$', 'node:regexp:1:1', 11),
        frame(5, 'toLower', '/srv/shop/src/check.js:25:3', 1),
      ],
      stack: [innermost],
      suppressed: 3,
    },
    time: timeOf(at - 3_020, at),
    request: { id: 'request-3', method: 'POST', url: '/subscribe?list=news' },
    facts: {},
  }
}

function timeOf(from: number, to: number): Json {
  const microsecs = (to - from) * 1_000
  return { start: new Date(from).toISOString(), end: new Date(to).toISOString(), microsecs }
}

/** A record of each of them, by what it is about. */
export function causeRecords(at: number): Readonly<Record<CauseName, StoreRecord>> {
  const ids = new RecordIdMaker()
  const report = (status: string, requestId: string, data: Data, route = ROUTE): StoreRecord => {
    const id = ids.next(at)
    const keys = { service: 'shop', status, requestId, route, fingerprint: `of ${status}` }
    return {
      kind: 'reports',
      id,
      createdAt: at,
      revision: 0,
      keys: { ...keys, summary: String(data.title) },
      data: { ...data, id },
      importance: 'high',
    }
  }
  return {
    crash: report('fatal', 'request-1', crashData(at, queriesAt(at - 300))),
    slow: report('slow', 'request-2', slowData(at)),
    blocked: report('blocked', 'request-3', blockedData(at, 'ended'), 'POST /subscribe'),
    ended: report('blocked', 'request-5', blockedData(at, 'process-ended'), 'POST /subscribe'),
  }
}
export type CauseName = 'crash' | 'slow' | 'blocked' | 'ended'

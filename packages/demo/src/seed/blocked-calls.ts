import { type Fault, since } from './faults.js'

/** The calls of the week that blocked the event loop. */
export const BLOCKED_CALLS: readonly Fault[] = (
  [
    {
      routeName: 'coupon',
      medianMs: 2_300,
      perHour: since(26, 0.9),
      statements: [
        {
          text: 'SELECT id, customer_id FROM baskets WHERE session_id = ?',
          medianMs: 1.1,
          rows: 1,
        },
      ],
      stack: {
        name: 'Object.<anonymous>',
        place: 'coupons/routes.ts:24:10',
        calls: [{ name: 'isCouponCode', place: 'coupons/coupon-code.ts:12:22' }],
      },
    },
    {
      routeName: 'daily',
      medianMs: 3_900,
      perHour: () => 0.3,
      logLines: [['info', 'Reading two days of the archive']],
      stack: {
        name: 'dailyReport',
        place: 'reports/daily.ts:41:31',
        calls: [
          { name: 'readDay', place: 'reports/archive.ts:31:25', share: 0.67 },
          { name: 'byArticle', place: 'reports/daily.ts:52:10', share: 0.33 },
        ],
      },
    },
  ] as const
).map((blocked) => ({
  kind: 'blocked',
  name: `blocked-${blocked.routeName}`,
  errorName: '',
  message: '',
  code: null,
  status: 200,
  errorCode: '',
  trace: [],
  ...blocked,
}))

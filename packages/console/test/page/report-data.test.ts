import { describe, expect, it } from 'vitest'
import { readReport } from '../../page/report/report-data.js'

describe('the data of a report', () => {
  it('has its message apart from its frames', () => {
    const { heading, trace } = readReport({
      trace: ['TypeError: no', 'second line', '    at a (/a.js:1:1)'],
    })
    expect(heading).toBe('TypeError: no\nsecond line')
    expect(trace).toHaveLength(3)
  })

  it('has its causes, and the errors that one is made of', () => {
    const { causes } = readReport({
      causes: [
        {
          name: 'AggregateError',
          message: 'all failed',
          code: null,
          trace: [],
          errors: [{ name: 'Error', message: 'one', code: 'ECONNREFUSED', trace: [] }],
          errors_left_out: 2,
        },
      ],
    })
    expect(causes[0]).toMatchObject({ name: 'AggregateError', code: undefined, leftOut: 2 })
    expect(causes[0]?.errors[0]).toMatchObject({ message: 'one', code: 'ECONNREFUSED' })
  })

  it('may be anything: what is not as expected is left out', () => {
    const hostile = { trace: 'no list', causes: [null, 7], request: [], facts: {}, server: 'x' }
    expect(readReport(hostile)).toMatchObject({
      trace: [],
      causes: [{ name: 'Error' }, { name: 'Error' }],
      request: undefined,
      facts: undefined,
      server: undefined,
    })
  })
})

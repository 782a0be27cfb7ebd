import { describe, expect, it } from 'vitest'
import { kindsAfter, kindsOf, liveQueryOf } from '../../page/live/live-query.js'

const params = (query: string) => new URLSearchParams(query)

describe('what the live tail is asked for', () => {
  it('is all kinds where the address names none, or none that is known', () => {
    const all = 'reports,integration_requests,audit_events'
    expect(liveQueryOf(params(''))).toEqual({ kinds: all })
    expect(liveQueryOf(params('kinds=route_stats'))).toEqual({ kinds: all })
  })

  it('is filtered by what the address says', () => {
    expect(liveQueryOf(params('kinds=reports&text= boom &user=ann&cursor=x&level='))).toEqual({
      kinds: 'reports',
      text: 'boom',
      user: 'ann',
    })
  })

  it('takes kinds in and out, and falls back to all of them', () => {
    const all = kindsOf(params(''))
    expect(kindsAfter(all, 'reports')).toBe('integration_requests,audit_events')
    expect(kindsAfter(['reports'], 'audit_events')).toBe('reports,audit_events')
    expect(kindsAfter(['reports'], 'reports')).toBeUndefined()
    expect(kindsAfter(['reports', 'audit_events'], 'integration_requests')).toBeUndefined()
  })
})

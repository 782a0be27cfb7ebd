import { describe, expect, it } from 'vitest'
import { rangeOf, spanOf } from '../../page/charts/range.js'
import { safeHref } from '../../page/components/safe-href.js'
import { idSearches, looksLikeId } from '../../page/report/find-id.js'
import { decoded, paths, routerBase } from '../../page/shell/paths.js'
import { changedQuery } from '../../page/shell/use-query-params.js'

describe('addresses of the page', () => {
  it('are beneath the path that the server gave', () => {
    expect(routerBase('https://shop.example/_scs/')).toBe('/_scs')
    expect(routerBase('https://shop.example/')).toBe('')
    expect(routerBase('https://shop.example/a/b/')).toBe('/a/b')
  })

  it('keep ids as they are, whatever is in them', () => {
    const path = paths.reference('Order', '42/7?x#y')
    expect(path).toBe('/reference/Order/42%2F7%3Fx%23y')
    expect(decoded(path.split('/').at(-1))).toBe('42/7?x#y')
    expect(decoded('100%')).toBe('100%')
  })

  it('change one field of the query and keep the others', () => {
    const params = new URLSearchParams('last=7d&text=100%25')
    expect(changedQuery(params, { last: '1h' })).toBe('?last=1h&text=100%25')
    expect(changedQuery(params, { last: undefined, text: '' })).toBe('')
  })
})

describe('logged addresses', () => {
  it.each(['https://shop.example/a', 'HTTP://shop.example/'])('%s may be opened', (url) => {
    expect(safeHref(url)).toMatch(/^https?:\/\/shop\.example\//)
  })

  it.each([
    'javascript:alert(1)',
    ' https://shop.example',
    'data:text/html,x',
    '//shop.example',
    '/orders/42',
    'https://',
    'vbscript:x',
  ])('%s may not', (url) => {
    expect(safeHref(url)).toBeUndefined()
  })
})

describe('the time range', () => {
  it('is a day where the address names none', () => {
    expect(rangeOf(null)).toBe('24h')
    expect(rangeOf('2y')).toBe('24h')
    expect(rangeOf('7d')).toBe('7d')
  })

  it('stays the same for a while, so that the same is not asked again and again', () => {
    const now = Date.UTC(2026, 10, 26, 12, 3, 7)
    expect(spanOf('24h', now)).toEqual(spanOf('24h', now + 60_000))
    const { from, to } = spanOf('1h', now)
    expect(to - from).toBe(3_600_000)
    expect(to).toBeGreaterThanOrEqual(now)
  })
})

describe('what is searched for', () => {
  it('is an id when it is one long word with a digit', () => {
    for (const text of ['edf74f29-8833-46a2-8160-5824f3ec7aba', 'req-h'])
      expect(looksLikeId(text), text).toBe(true)
    for (const text of ['payment', 'no answer 42', 'requests', 'timeoutError'])
      expect(looksLikeId(text), text).toBe(false)
  })

  it('is looked for as each kind of id', () => {
    const searches = idSearches('0af7651916cd43dd8448eb211c80319c')
    const fields = searches.map(([kind, query]) => `${kind} ${Object.keys(query)[0]}`)
    expect(fields).toContain('reports errorId')
    expect(fields).toContain('audit_events traceId')
    expect(fields).toContain('integration_requests key')
    expect(idSearches('payment')).toEqual([])
  })
})

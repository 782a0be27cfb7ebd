import { describe, expect, it } from 'vitest'
import { asFound, sample } from '../../src/contract/subject.js'
import { anonymous } from '../../src/forget/anonymous.js'
import { resolveForgetting } from '../../src/forget/forget-user.js'
import { storableJson } from '../../src/record/text.js'

interface Given {
  readonly message?: string
  readonly url?: string
  readonly type?: string
  readonly details?: object
}

/** The message, the path and the details of an audit event once its user is `somebody`. */
function forgotten(user: string, { message = '', url = '/', type = 'told', details = {} }: Given) {
  const event = { type, details: { ip: '10.0.0.1', path: url, user, ...details } }
  const level = 'INFO'
  const date = '2026-01-15T12:00:00.000Z'
  const data = { level, date, message, event, source: 'orders', requestId: 'req-1', url }
  const keys = { user, level, summary: message }
  const stored = JSON.parse(storableJson(data))
  const record = asFound(sample({ kind: 'audit_events', keys, data: stored }))
  const { user: resolved } = resolveForgetting(user, { pseudonym: 'somebody' })
  return anonymous(record, resolved, 'somebody')
}

describe('an audit event of a user who is forgotten', () => {
  it('names the user no longer in a path, where the user is percent-encoded', () => {
    for (const encoded of ['ada%40example.com', 'ada@example.com']) {
      const { data } = forgotten('ada@example.com', { url: `/users/${encoded}/orders` })
      expect(data.url).toBe('/users/somebody/orders')
      expect(data.event).toMatchObject({ details: { path: '/users/somebody/orders' } })
    }
    const { data: asked } = forgotten('ada', { url: '/login?next=%2Fusers%2Fada' })
    expect(asked.url).toBe('/login?next=%2Fusers%2Fsomebody')
    const { data } = forgotten('zoë ü', { url: '/users/zo%c3%ab%20%C3%BC?q=zo%C3%AB+%C3%BC' })
    expect(data.url).toBe('/users/somebody?q=somebody')
  })

  it('names the user no longer in fields of the application, whatever they are called', () => {
    const details = { source: 'ada', type: 'ada', level: 'ada', requestId: 'ada', date: 'ada' }
    const { data } = forgotten('ada', { details })
    expect(JSON.stringify(data)).not.toContain('ada')
  })

  it('names the user no longer where it is a number', () => {
    const { data } = forgotten('4711', { details: { customer: 4711, list: [4711, 47110] } })
    expect(data.event).toMatchObject({
      details: { customer: 'somebody', list: ['somebody', 47110] },
    })
  })

  it('keeps its shape, whatever the user is called', () => {
    for (const user of [
      'event',
      'details',
      'message',
      'url',
      'path',
      'ip',
      'user',
      'type',
      'data',
    ]) {
      const { data } = forgotten(user, {
        message: `${user} was here`,
        details: { about: { [user]: 1 } },
      })
      expect(Object.keys(data)).toEqual([
        ...['level', 'date', 'message', 'event', 'source', 'requestId', 'url'],
      ])
      expect(data.message).toBe('somebody was here')
      expect(Object.keys(data.event as object)).toEqual(['type', 'details'])
      expect(data.event).toMatchObject({ type: 'told', details: { ip: null, user: 'somebody' } })
    }
  })

  it('keeps what is no whole word of the user, and what says nothing of the user', () => {
    const { data } = forgotten('26', { message: 'order 260 of 26', url: '/v26/26' })
    expect(data).toMatchObject({
      message: 'order 260 of somebody',
      url: '/v26/somebody',
      date: '2026-01-15T12:00:00.000Z',
      requestId: 'req-1',
      source: 'orders',
    })
  })

  it('is made anonymous for users of all kinds of texts', () => {
    for (const user of [
      '0',
      '%',
      '_',
      'a.b',
      '$&',
      '日本',
      '👩‍👩‍👧',
      'a\ud800',
      'a\0b',
      'x'.repeat(10_000),
    ]) {
      const { data, keys } = forgotten(user, { details: { said: `it was ${user}!` } })
      expect(keys.user, user).toBe('somebody')
      expect(data.event, user).toMatchObject({
        details: { user: 'somebody', said: 'it was somebody!' },
      })
    }
  })
})

import { describe, expect, it, vi } from 'vitest'
import { idsIn, SOURCES, telling } from './three-services.js'

/*
 * An error that passes through three services, each a process of its own: the profiles fail, the accounts call them and throw on
 * what they get, and the orders call the accounts and return it.
 */

vi.setConfig({ testTimeout: 120_000 })

const FORMATS = [
  ['pymacaron', 'throws what it makes of the model', 'returns the model'],
  ['pymacaron', 'returns the model', 'throws what it makes of the model'],
  ['pymacaron', 'throws what it makes of the response', 'returns the model of the response'],
  ['scs', 'throws what it makes of the response', 'returns the model of the response'],
  ['scs', 'returns the model of the response', 'throws what it makes of the response'],
] as const

describe.each(FORMATS)('in %s format, one service %s, the next %s', (format, ...forwarding) => {
  const tell = telling(format, forwarding)

  it('a ServiceError keeps its code, description, user message and status on the way to the client', async () => {
    const { status, body, errorId, reports } = await tell('a ServiceError')
    expect(status).toBe(401)
    if (format === 'pymacaron') {
      expect(body).toEqual({
        error: 'INVALID_USER',
        error_description: 'DB entry not found',
        user_message: "Sorry, we don't know you",
        status: 401,
      })
    } else {
      expect(body).toEqual({ error: { id: 'invalid-user', message: "Sorry, we don't know you" } })
    }
    // Below 500 nothing was reported: there is no id.
    expect(errorId).toBeNull()
    expect(Object.values(reports).flat()).toEqual([])
  })

  it('a registered error keeps its id, its message, its details and its status', async () => {
    const { status, body } = await tell('a registered error')
    expect(status).toBe(429)
    const message = 'Too many profiles were asked for'
    if (format === 'pymacaron') {
      expect(body).toMatchObject({
        error: 'PROFILES_TOO_MANY',
        error_description: message,
        error_details: { limit: 3 },
        status: 429,
      })
    } else {
      expect(body).toEqual({ error: { id: 'profiles-too-many', message, details: { limit: 3 } } })
    }
  })

  it('an error below 500 that was reported has one id in the answer and in all three logs', async () => {
    const { status, body, errorId, lines, reports } = await tell('a reported error')
    expect(status).toBe(409)
    const id = reports.profiles[0]?.error_id
    expect(errorId).toBe(id)
    if (format === 'pymacaron') {
      expect(body).toEqual({
        error: 'PROFILE_BROKEN',
        error_description: 'no picture in bucket 4',
        user_message: 'This profile is being repaired',
        status: 409,
        error_id: id,
      })
    } else {
      expect(body).toEqual({
        error: { id: 'profile-broken', message: 'This profile is being repaired' },
      })
    }
    for (const source of SOURCES) expect(idsIn(lines[source])).toEqual([id])
    expect(reports.profiles).toMatchObject([{ is_fatal_error: false }])
    expect([...reports.accounts, ...reports.orders]).toEqual([])
  })

  it('a crash has one id in the answer, in all three logs and in the reports; the first report names its origin', async () => {
    const { status, body, errorId, lines, reports } = await tell('a crash')
    expect(status).toBe(500)
    expect(errorId).toMatch(/^[\w-]{36}$/)
    const message = 'An unexpected error occurred'
    if (format === 'pymacaron') {
      expect(body).toEqual({
        error: 'SERVER_ERROR',
        error_description: message,
        status: 500,
        error_id: errorId,
      })
    } else {
      expect(body).toEqual({ error: { id: 'internal-server-error', message } })
    }
    for (const source of SOURCES) {
      expect(idsIn(lines[source])).toEqual([errorId])
      expect(reports[source]).toMatchObject([
        { error_id: errorId, is_fatal_error: true, response: { status: 500 } },
      ])
    }
    // Where it began its cause is told, and nowhere else.
    expect(JSON.stringify(reports.profiles)).toContain('TypeError: the row of db-7.internal')
    const elsewhere = JSON.stringify([body, reports.accounts, reports.orders, lines.orders])
    expect(elsewhere).not.toContain('db-7.internal')
  })
})

const MIXED = [
  ['scs', 'problem', 'pymacaron'],
  ['pymacaron', 'scs', 'problem'],
  ['problem', 'pymacaron', 'scs'],
] as const

describe.each(MIXED)('with the formats %s, %s and %s', (...formats) => {
  const forwarding = [
    'throws what it makes of the response',
    'returns the model of the response',
  ] as const
  const tell = telling(formats, forwarding)

  it('a ServiceError keeps its status, its code and what a user may read', async () => {
    const { status, body } = await tell('a ServiceError')
    expect(status).toBe(401)
    const text = JSON.stringify(body)
    expect(text).toContain(formats[2] === 'pymacaron' ? '"INVALID_USER"' : '"invalid-user"')
    expect(text).toContain("Sorry, we don't know you")
  })

  it('a crash has one id in the answer and in all three logs', async () => {
    const { status, errorId, lines } = await tell('a crash')
    expect(status).toBe(500)
    expect(errorId).toMatch(/^[\w-]{36}$/)
    for (const source of SOURCES) expect(idsIn(lines[source])).toEqual([errorId])
  })
})

import { describe, expect, it } from 'vitest'
import { redisStatementOf } from '../../src/drivers/redis-statement.js'

describe('what is told of a Redis command', () => {
  it.each([
    ['get', 'user:42', 'GET user:?'],
    ['GET', 'user:42:cart:7', 'GET user:?:cart:?'],
    ['GET', 'user:alice', 'GET user:?'],
    ['GET', 'shop:prod:session:kJh76Ghjgf', 'GET shop:prod:session:?'],
    ['HSET', 'rate-limit:api_v/10.0.0.1', 'HSET rate-limit:api_v/?'],
    ['GET', '{user:42}:cart', 'GET {user:?}:?'],
    ['DEL', 'cache/products/list', 'DEL cache/products/?'],
    ['GET', 'settings', 'GET ?'],
    ['GET', '550e8400-e29b-41d4-a716-446655440000', 'GET ?'],
    ['GET', 'token:eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'GET token:?'],
    ['GET', 'mail:jo@example.org:inbox', 'GET mail:?:?'],
    ['GET', 'deadbeefdeadbeefdead:x', 'GET ?:?'],
    ['GET', '', 'GET '],
    ['GET', ':', 'GET :'],
    ['TTL', '?', 'TTL ?'],
  ])('%s %s is %s', (command, key, statement) => {
    expect(redisStatementOf(command, key)).toBe(statement)
  })

  it('is no key that is longer than a name', () => {
    expect(redisStatementOf('GET', `a:${'b:'.repeat(200)}`)).toBe('GET ?')
  })

  it('is no first argument that is no key', () => {
    for (const command of [
      'EVAL',
      'EVALSHA',
      'PUBLISH',
      'AUTH',
      'CONFIG',
      'ECHO',
      'FCALL',
      'FT.SEARCH',
    ])
      expect(redisStatementOf(command, 'canary:1')).toBe(command)
  })

  it('is no name that is none', () => {
    expect(redisStatementOf('my secret', 'a:b')).toBe('?')
    expect(redisStatementOf('secret123', 'a:b')).toBe('?')
    expect(redisStatementOf('x'.repeat(100), 'a:b')).toBe('?')
  })

  it('is only the name where there is no key, or one that is no text', () => {
    expect(redisStatementOf('PING', undefined)).toBe('PING')
    expect(redisStatementOf('GET', Buffer.from('a:b'))).toBe('GET ?')
  })
})

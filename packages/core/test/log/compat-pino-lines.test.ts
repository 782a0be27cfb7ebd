import Fastify from 'fastify'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { type LineListener, levelName, PinoLines } from '../../src/log/compat-pino-lines.js'

type Heard = Parameters<LineListener>

function listenTo(log: object): { heard: Heard[]; lines: PinoLines; end: () => void } {
  const lines = PinoLines.of(log)
  if (lines === undefined) throw new Error('not a logger of pino')
  const heard: Heard[] = []
  const end = lines.listen((...what) => void heard.push(what))
  return { heard, lines, end }
}

describe('the internals of pino', () => {
  it('each line is heard with its logger, level, message and text', () => {
    const written: string[] = []
    const log = pino({}, { write: (line) => void written.push(line) })
    const { heard } = listenTo(log)
    const child = log.child({ a: 1 }).child({ b: 2 })
    child.warn({ x: 1 }, 'said %s', 'so')
    child.debug('not written')
    log.info('of the app')
    expect(heard).toEqual([[child, 40, 'said so', written[0]]])
    expect(heard[0]?.[0]).toBe(child)
  })

  it('a child that was made before is heard, too', () => {
    const log = pino({}, { write: () => undefined })
    const child = log.child({})
    const { heard } = listenTo(log)
    child.info('said')
    expect(heard).toHaveLength(1)
  })

  it('the bindings of a logger say which of them was made for a request', () => {
    const log = pino({ base: { source: 'x' } }, { write: () => undefined })
    const { lines } = listenTo(log)
    const plugin = log.child({ plugin: 'orders' })
    const request = plugin.child({ reqId: 'r"1' })
    const own = request.child({ user: 1 })
    expect(lines.requestLoggerOf(own, '"reqId":')).toBe(request)
    expect(lines.requestLoggerOf(request, '"reqId":')).toBe(request)
    expect(lines.requestLoggerOf(plugin, '"reqId":')).toBeUndefined()
    expect(lines.requestLoggerOf(log, '"reqId":')).toBeUndefined()
    expect(lines.hasBinding(own, `"reqId":${JSON.stringify('r"1')}`)).toBe(true)
  })

  it('the key of the message and the names of levels are found', () => {
    const options = { messageKey: 'text', customLevels: { loud: 35 } }
    const log = pino(options, { write: () => undefined })
    const { lines } = listenTo(log)
    expect(lines.messageOf(log.child({}), '{"text":"said","msg":"x"}')).toBe('said')
    expect([levelName(log, 30), levelName(log, 35), levelName(log, 36)]).toEqual([
      'info',
      'loud',
      '36',
    ])
    expect(levelName({}, 30)).toBe('30')
  })

  it('a message is as the hook `streamWrite` leaves it', () => {
    const hooks = { streamWrite: (line: string) => line.replaceAll('secret', '[hidden]') }
    const log = pino({ hooks }, { write: () => undefined })
    const { lines } = listenTo(log)
    expect(lines.messageOf(log, '{"msg":"a secret"}')).toBe('a [hidden]')
    const broken = pino({ hooks: { streamWrite: () => 'no json' } }, { write: () => undefined })
    expect(PinoLines.of(broken)?.messageOf(broken, '{"msg":"a secret"}')).toBeUndefined()
  })

  it('a logger is as it was once nobody listens', () => {
    const log = pino({}, { write: () => undefined })
    const before = Object.getOwnPropertySymbols(log)
    const { heard, end } = listenTo(log)
    expect(Object.getOwnPropertySymbols(log)).not.toEqual(before)
    const child = log.child({})
    end()
    child.info('said')
    expect([Object.getOwnPropertySymbols(log), heard]).toEqual([before, []])
  })

  it('two that listen to one logger end in any order', () => {
    const log = pino({}, { write: () => undefined })
    const before = Object.getOwnPropertySymbols(log)
    const child = log.child({})
    const [one, other] = [listenTo(log), listenTo(log)]
    child.info('both')
    one.end()
    child.info('other')
    other.end()
    child.info('nobody')
    expect([one.heard.length, other.heard.length]).toEqual([1, 2])
    const again = listenTo(log)
    const last = listenTo(log)
    last.end()
    child.info('again')
    expect(again.heard).toHaveLength(1)
    again.end()
    expect(Object.getOwnPropertySymbols(log).length).toBeLessThanOrEqual(before.length + 1)
  })

  it('a logger of somebody else has no lines', () => {
    expect(PinoLines.of({ info: () => undefined })).toBeUndefined()
    expect(PinoLines.of(Fastify({ logger: false }).log)).toBeUndefined()
  })
})

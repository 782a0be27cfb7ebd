import { afterEach, describe, expect, it, vi } from 'vitest'
import { QueryGate } from '../../src/query/query-gate.js'

afterEach(() => {
  vi.useRealTimers()
})

const LIMITS = { maxConcurrentQueries: 2, maxWaitingQueries: 2, maxQueryWaitMs: 5_000 }

/** A query that ends when it is told to. */
function query() {
  let end: () => void = () => {}
  const ended = new Promise<string>((resolve) => {
    end = () => resolve('done')
  })
  return { run: vi.fn(() => ended), end }
}

/** Until all that is ready to go on has done so. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('the gate of queries', () => {
  it('runs two at a time, and the others in their turn', async () => {
    const gate = new QueryGate(LIMITS)
    const queries = [query(), query(), query(), query()] as const
    const results = queries.map(({ run }) => gate.run(run))
    await settled()
    expect(queries.map(({ run }) => run.mock.calls.length)).toEqual([1, 1, 0, 0])
    queries[1].end()
    await results[1]
    await settled()
    expect(queries.map(({ run }) => run.mock.calls.length)).toEqual([1, 1, 1, 0])
    for (const each of queries) each.end()
    await Promise.all(results)
    expect(gate.counts).toMatchObject({ queries: 4, waited: 2, refused: 0, timedOut: 0 })
  })

  it('refuses what is too much with 503, a reason and when to come again', async () => {
    const gate = new QueryGate(LIMITS)
    const queries = Array.from({ length: 4 }, query)
    const results = queries.map(({ run }) => gate.run(run))
    await expect(gate.run(query().run)).rejects.toMatchObject({
      status: 503,
      id: 'console-busy',
      message: expect.stringContaining('Too many queries'),
      headers: { 'retry-after': '1' },
    })
    for (const { end } of queries) end()
    await Promise.all(results)
    expect(gate.counts.refused).toBe(1)
  })

  it('refuses what has waited too long', async () => {
    vi.useFakeTimers()
    const gate = new QueryGate(LIMITS)
    const running = [query(), query()]
    for (const { run } of running) void gate.run(run)
    const late = query()
    const refused = expect(gate.run(late.run)).rejects.toMatchObject({ id: 'console-busy' })
    await vi.advanceTimersByTimeAsync(5_000)
    await refused
    expect(gate.waiting).toBe(0)
    expect(late.run).not.toHaveBeenCalled()
  })

  it('gives the place of a client that leaves to the next one', async () => {
    const gate = new QueryGate(LIMITS)
    const running = [query(), query()] as const
    const results = running.map(({ run }) => gate.run(run))
    const leaving = new AbortController()
    const left = query()
    const refused = expect(gate.run(left.run, { signal: leaving.signal })).rejects.toThrow('gone')
    const next = query()
    const last = gate.run(next.run)
    leaving.abort(new Error('gone'))
    await refused
    running[0].end()
    await settled()
    expect(next.run).toHaveBeenCalled()
    expect(left.run).not.toHaveBeenCalled()
    running[1].end()
    next.end()
    await Promise.all([...results, last])
  })

  it('goes on after a query that fails', async () => {
    const gate = new QueryGate({ ...LIMITS, maxConcurrentQueries: 1 })
    const failed = gate.run(() => Promise.reject(new Error('no')))
    const next = gate.run(async () => 'yes')
    await expect(failed).rejects.toThrow('no')
    await expect(next).resolves.toBe('yes')
    await expect(gate.run(async () => 'again')).resolves.toBe('again')
  })

  it('lets a patient one wait as long as it takes', async () => {
    vi.useFakeTimers()
    const gate = new QueryGate({ ...LIMITS, maxConcurrentQueries: 1, maxWaitingQueries: 0 })
    const running = query()
    void gate.run(running.run)
    const patient = gate.run(async () => 'late', { isPatient: true })
    await vi.advanceTimersByTimeAsync(60_000)
    running.end()
    await expect(patient).resolves.toBe('late')
  })

  it('refuses nobody because of downloads that wait', async () => {
    const gate = new QueryGate({ ...LIMITS, maxConcurrentQueries: 1 })
    const first = query()
    const results = [gate.run(first.run)]
    for (let download = 0; download < 5; download++)
      results.push(gate.run(async () => 'part', { isPatient: true }))
    results.push(
      gate.run(async () => 'list'),
      gate.run(async () => 'list'),
    )
    await expect(gate.run(async () => 'one too many')).rejects.toMatchObject({ status: 503 })
    first.end()
    expect(await Promise.all(results)).toEqual(['done', ...Array(5).fill('part'), 'list', 'list'])
    expect(gate.waiting).toBe(0)
  })
})

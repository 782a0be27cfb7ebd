import { describe, expect, it } from 'vitest'
import { startServer } from '../src/measure/contestant.js'
import {
  assertCpuTimeReadable,
  cpusOf,
  cpuTimeNs,
  lastOf,
  mainThreadTimeNs,
  settledCpuTimeNs,
} from '../src/measure/cpu-time.js'
import { tinySide } from './tiny-side.js'

describe('assertCpuTimeReadable', () => {
  it('says where the bench runs', () => {
    expect(() => assertCpuTimeReadable('darwin')).toThrow('Linux only, not on darwin')
    expect(() => assertCpuTimeReadable('linux')).not.toThrow()
  })
})

describe.skipIf(process.platform !== 'linux')('cpuTimeNs', () => {
  it('grows while a process works', () => {
    const beforeNs = cpuTimeNs(process.pid)
    const deadline = performance.now() + 4000
    while (cpuTimeNs(process.pid) === beforeNs && performance.now() < deadline);
    expect(cpuTimeNs(process.pid)).toBeGreaterThan(beforeNs)
  })

  it('settles when a server rests', async () => {
    const server = await startServer(tinySide('one'))
    const startNs = await settledCpuTimeNs(server.pid)
    await fetch(`http://127.0.0.1:${server.port}/`)
    expect(await settledCpuTimeNs(server.pid)).toBeGreaterThan(startNs)
    await server.stop()
  })
})

describe('cpusOf', () => {
  it('reads the CPUs that a process may use', () => {
    const status = 'Cpus_allowed:\tff\nCpus_allowed_list:\t0-3,8-11\nMems_allowed:\t1\n'
    expect(cpusOf(status)).toBe('0-3,8-11')
  })

  it('is an error where the kernel does not tell', () => {
    expect(() => cpusOf('Name:\tnode\n')).toThrow('Cpus_allowed_list')
  })
})

describe('lastOf', () => {
  it.each([
    ['0-1', '1'],
    ['0', '0'],
    ['0-3,8-11', '11'],
    ['2,14', '14'],
  ])('of %s is %s', (list, cpu) => {
    expect(lastOf(list)).toBe(cpu)
  })
})

describe.skipIf(process.platform !== 'linux')('mainThreadTimeNs', () => {
  it('is a part of the time of all threads', () => {
    const mainNs = mainThreadTimeNs(process.pid)
    expect(mainNs).toBeGreaterThan(0)
    expect(mainNs).toBeLessThanOrEqual(cpuTimeNs(process.pid))
  })
})

import { executionAsyncResource } from 'node:async_hooks'
import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { HeldTick } from '../../src/lifecycle/compat-node.js'

const nextTick = () => new Promise<void>((resolve) => process.nextTick(resolve))

it('holds an object of the same shape as every later tick has, until it is released', async () => {
  const held = new HeldTick()
  await nextTick()
  let later: object = {}
  await new Promise<void>((resolve) => {
    process.nextTick(() => {
      later = executionAsyncResource()
      resolve()
    })
  })
  expect(Reflect.ownKeys(later)).toContain('callback')
  expect(Reflect.ownKeys(held.tick ?? {})).toEqual(Reflect.ownKeys(later))
  held.release()
  expect(held.tick).toBeUndefined()
})

it('keeps the shape of ticks through a collection of garbage', () => {
  // V8's own test functions compare the shapes; they need flags of a process.
  const module = new URL('../../dist/lifecycle/compat-node.js', import.meta.url).href
  const program = `
    import { executionAsyncResource } from 'node:async_hooks'
    import { HeldTick } from '${module}'
    const tick = () => new Promise((resolve) => process.nextTick(() => resolve(executionAsyncResource())))
    const held = new HeldTick()
    await tick()
    gc()
    console.log(%HaveSameMap(held.tick, await tick()))`
  const flags = ['--expose-gc', '--allow-natives-syntax', '--input-type=module', '-e']
  const told = execFileSync(process.execPath, [...flags, program], { encoding: 'utf8' })
  expect(told).toBe('true\n')
})

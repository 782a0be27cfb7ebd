import { expect, it } from 'vitest'
import { buildApp } from './build-app.js'

it('crashes at unknown routes are one group, whatever the paths are', async () => {
  const test = await buildApp({ reporter: { growth: 2 } })
  test.app.setNotFoundHandler((_request, reply) => reply.code(503).send())
  for (let at = 0; at < 50; at += 1) await test.app.inject(`/${at.toString(36)}-x${'y'.repeat(at)}`)
  await test.reported()
  expect(test.app.errorReporter.stats().groups).toBe(1)
})

it('errors reported with a request of an unknown route are one group as well', async () => {
  const test = await buildApp({ reporter: { growth: 2 } })
  test.app.setNotFoundHandler((request, reply) => {
    request.reportError('nobody lives here', { caught: 'a text without a stack' })
    return reply.code(404).send()
  })
  for (let at = 0; at < 20; at += 1) await test.app.inject(`/${'y'.repeat(at + 1)}`)
  await test.reported()
  expect(test.app.errorReporter.stats().groups).toBe(1)
})

it('a title shows the path of an unknown route redacted, and the message also after a long path', async () => {
  const test = await buildApp({ reporter: { growth: 1 } })
  test.app.addHook('onRequest', async (request) => {
    request.reportError('a look')
    throw new Error('the database is away')
  })
  const token = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`
  await test.app.inject(`/files;jsessionid=cAnArY/${token}/end`)
  await test.app.inject(`/${'long/'.repeat(200)}`)
  const titles = (await test.reported()).map(({ title }) => title)
  expect(titles).toHaveLength(4)
  expect(titles.join('\n')).not.toContain('cAnArY')
  expect(titles.join('\n')).not.toContain(token)
  for (const title of titles) expect(title).toMatch(/the database is away$|a look$/)
})

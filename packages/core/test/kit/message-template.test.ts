import { expect, it } from 'vitest'
import { compileTemplate } from '../../src/kit/message-template.js'

it('a template is filled with the values of its fields', () => {
  const { fields, render } = compileTemplate('t', '{a} and {b-c} and {a}')
  expect(fields).toEqual(['a', 'b-c'])
  expect(render({ a: 1, 'b-c': true })).toBe('1 and true and 1')
})

it('doubled braces are braces', () => {
  expect(compileTemplate('t', '{{a}} {{{a}}}').render({ a: 'x' })).toBe('{a} {x}')
})

it('no value can forge a line or a field: it stands JSON-encoded', () => {
  const { render } = compileTemplate('t', "User '{a}' left")
  const forged = `x"\n{"level":"INFO"}\u2028\u0085\u001b[2K{b}`
  const message = render({ a: forged })
  expect(message).toBe(`User 'x\\"\\n{\\"level\\":\\"INFO\\"}\\u2028\\u0085\\u001b[2K{b}' left`)
  expect(render({ a: { b: ['x'] } })).toBe(`User '{"b":["x"]}' left`)
  expect(render({ a: null })).toBe("User 'null' left")
})

it.each([
  ['a {b', 'has a { without a }'],
  ['a }b', 'has a } without a {'],
  ['a {}', 'has the field "", which is not a valid name'],
  ['a {b c}', 'has the field "b c", which is not a valid name'],
  ['a {b.c}', 'has the field "b.c", which is not a valid name'],
])('the template %s is refused', (template, reason) => {
  expect(() => compileTemplate('Audit event "my-type"', template)).toThrow(
    expect.objectContaining({
      code: 'SCS_ERR_TEMPLATE',
      message: `Audit event "my-type": the message template ${JSON.stringify(template)}: ${reason}`,
    }),
  )
})

it('fields named like parts of Object.prototype are ordinary fields', () => {
  const { render } = compileTemplate('t', '{constructor} {__proto__}')
  expect(render(JSON.parse('{"constructor":1,"__proto__":2}'))).toBe('1 2')
})

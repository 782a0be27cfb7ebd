import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/redact/redactor.js'

const MEGABYTE = 1_000_000
/** Between what takes milliseconds and what takes minutes: a text of 1 MB that is read again from each of its characters. */
const MINUTES_NOT_MS = 20_000

// What makes a careless scanner look at the rest of the text again and again.
const units = [
  ...[
    'a',
    '"',
    '\\',
    '=',
    ':',
    '/',
    '//a:b/',
    '//@',
    'eyJ',
    'eyJa.',
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY',
  ],
  ...[
    'token  ',
    'bearer a ',
    'pin=1,',
    'pin=1&',
    'password="',
    '\\"password\\":',
    'password:{',
    'pin 42: 42 ',
  ],
  ...[
    '%',
    '%ff=1&',
    '=%25',
    'a=%3D',
    '{"',
    '[{"',
    '[',
    'null ',
    ' ',
    '\ud800',
    "': ",
    'https://u:p@h/?token=a ',
  ],
]
const frames: [string, string][] = [
  ['', ''],
  ['password="', ''],
  ['//a:b', '@'],
  ['{"password":', ''],
  ['/?a=', ''],
]

describe('a redactor takes time proportional to its input', () => {
  it.each(units)(
    'for 1 MB of %j',
    (unit) => {
      const redactor = createRedactor()
      for (const [before, after] of frames) {
        const input = before + unit.repeat(MEGABYTE / unit.length) + after
        const calls = [
          redactor.text,
          redactor.url,
          redactor.form,
          redactor.json,
          redactor.value,
          redactor.isSensitiveKey,
        ]
        for (const call of calls) {
          const started = performance.now()
          call(input)
          expect(performance.now() - started).toBeLessThan(MINUTES_NOT_MS)
        }
      }
    },
    60_000,
  )

  it('cuts a value of many long strings before it takes much time', () => {
    const value = Array.from({ length: 1000 }, () => 'password=a,'.repeat(10_000))
    const started = performance.now()
    const text = JSON.stringify(createRedactor().value(value))
    expect(performance.now() - started).toBeLessThan(MINUTES_NOT_MS)
    expect(text.length).toBeLessThan(2_000_000)
    expect(text).toMatch(/\[truncated: \d+ items\]/)
  })
})

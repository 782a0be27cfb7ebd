import { expect, it } from 'vitest'
import { redactXml } from '../../src/bodies/xml.js'
import { createRedactor } from '../../src/redact/redactor.js'

const redactor = createRedactor()
const redact = (text: string): string => redactXml(text, redactor)
const R = '[redacted]'

it('the values of elements and attributes with sensitive names are hidden', () => {
  expect(redact('<a id="1"><wsse:Password Type="#x">hunter2</wsse:Password><b>ok</b></a>')).toBe(
    `<a id="1"><wsse:Password Type="#x">${R}</wsse:Password><b>ok</b></a>`,
  )
  expect(redact(`<login user="ann" password='hunter2'/>`)).toBe(
    `<login user="ann" password='${R}'/>`,
  )
  expect(redact('<x secret=hunter2>y</x>')).toBe(`<x secret=${R}>y</x>`)
})

it('the whole content of a sensitive element is hidden, also with an element of the same name in it', () => {
  expect(
    redact('<Auth><password>a<password>b</password><c d="e"/>f</password>g</Auth>'),
  ).not.toMatch(/[abef](?=<)/)
  expect(redact('<r><token>a<token/>b</token><x>ok</x></r>')).toBe(
    `<r><token>${R}</token><x>ok</x></r>`,
  )
})

it('a value is hidden when the element or attribute beside it names a secret', () => {
  expect(redact('<param name="password" value="hunter2"/>')).toBe(
    `<param name="password" value="${R}"/>`,
  )
  expect(redact('<input type="password" value="hunter2">')).toBe(
    `<input type="password" value="${R}">${R}`,
  )
  expect(
    redact('<member><name>password</name><value><string>hunter2</string></value></member>'),
  ).toBe(`<member><name>password</name><value>${R}</value></member>`)
  expect(redact('<dict><key>pass&#119;ord</key><string>hunter2</string></dict>')).not.toContain(
    'hunter2',
  )
  expect(redact('<member><name>user</name><value>ann</value></member>')).toContain('ann')
})

it('text, CDATA and attributes are redacted as JSON, URLs, forms or text', () => {
  expect(redact('<a href="https://x.y/?token=abc">password=hunter2</a>')).toBe(
    `<a href="https://x.y/?token=${R}">password=${R}</a>`,
  )
  expect(redact('<a><![CDATA[{"password":"hunter2"}]]></a>')).toBe(
    `<a><![CDATA[{"password":"${R}"}]]></a>`,
  )
  expect(redact('<a>{&quot;password&quot;:&quot;hunter2&quot;}</a>')).not.toContain('hunter2')
})

it('comments, processing instructions and entity declarations are removed', () => {
  expect(redact('<?xml version="1.0"?><!-- <password>x</password> --><?p secret?><a/>')).toBe(
    '<?xml version="1.0"?><!----><a/>',
  )
  expect(redact('<!DOCTYPE a [<!ENTITY k "hunter2">]><a>&k;</a>')).toBe(`<!DOCTYPE ${R}><a>&k;</a>`)
  expect(redact('<!DOCTYPE html><p>x</p>')).toBe('<p>x</p>')
})

it('markup without an end is hidden', () => {
  const text =
    '<a><!-- c --><password x="1">hunter2</password><b t="hunter2" password="hunter2"><![CDATA[ok]]></b></a>'
  for (let end = 1; end <= text.length; end++) {
    expect(redact(text.slice(0, end)).replace(/t="hunter2"/, '')).not.toMatch(/hunter?\d?/)
  }
})

it('redactXml takes time proportional to the text, for any text', () => {
  const million = 1_000_000
  for (const text of [
    '<',
    '<a ',
    '<a b="',
    '<!--',
    '<![CDATA[',
    '&',
    '<a>',
    '</a',
    '<name>',
    '<!a>',
    '<!a[>',
    '<?a?>',
    '"',
  ]) {
    const before = process.cpuUsage()
    redact(text.repeat(million / text.length))
    const { user } = process.cpuUsage(before)
    expect(user / 1_000).toBeLessThan(5_000)
  }
})

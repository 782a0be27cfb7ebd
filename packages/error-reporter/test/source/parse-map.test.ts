import { expect, it } from 'vitest'
import { mapPlaceOf } from '../../src/source/map-comment.js'
import { parseMap } from '../../src/source/parse-map.js'
import { mapTo } from './source-folder.js'

const URL_OF_MAP = 'file:///app/dist/orders.js.map'

it.each([';', ',', 'AAAA,'])('a map of a million times "%s" is refused', (mapping) => {
  const map = mapTo('orders.ts', 1, { mappings: mapping.repeat(1_000_000) })
  expect(() => parseMap(map, URL_OF_MAP)).toThrow('the source map is too large')
})

it('a map whose section begins far away is refused', () => {
  const section = { offset: { line: 1_000_001, column: 0 }, map: JSON.parse(mapTo('a.ts', 1)) }
  const map = JSON.stringify({ version: 3, sections: [section] })
  expect(() => parseMap(map, URL_OF_MAP)).toThrow('the source map is too large')
})

it('a comment is the only thing on its line', () => {
  const url = 'orders.js.map'
  const place = { kind: 'file', url }
  expect(mapPlaceOf(`fail()\n  //# sourceMappingURL=${url}  \n`, 100)).toEqual(place)
  expect(mapPlaceOf(`fail()\n/*# sourceMappingURL=${url} */`, 100)).toEqual(place)
  expect(mapPlaceOf(`const text = "//# sourceMappingURL=${url}"`, 100)).toBeUndefined()
  expect(mapPlaceOf(`sourceMappingURL=${url}`, 100)).toBeUndefined()
  expect(mapPlaceOf(`//# sourceMappingURL=data:,${'x'.repeat(300)}`, 100)).toBeUndefined()
})

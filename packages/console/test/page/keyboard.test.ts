import { describe, expect, it } from 'vitest'
import { KeySequence, SEQUENCE_MS } from '../../page/shell/key-sequence.js'
import { ShortcutTable } from '../../page/shell/shortcut-table.js'

const pressed = (key: string, modifiers = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...modifiers,
})

describe('keys', () => {
  it('that follow each other are one shortcut, or two', () => {
    const keys = new KeySequence()
    expect(keys.press(pressed('g'), 0)).toEqual(['g'])
    expect(keys.press(pressed('o'), 100)).toEqual(['g o', 'o'])
  })

  it('that are far apart have nothing to do with each other', () => {
    const keys = new KeySequence()
    keys.press(pressed('g'), 0)
    expect(keys.press(pressed('o'), SEQUENCE_MS + 1)).toEqual(['o'])
  })

  it('with a modifier belong to the browser', () => {
    const keys = new KeySequence()
    for (const modifier of ['ctrlKey', 'metaKey', 'altKey'])
      expect(keys.press(pressed('k', { [modifier]: true }), 0)).toEqual([])
  })

  it('that made a shortcut begin no other', () => {
    const keys = new KeySequence()
    keys.press(pressed('g'), 0)
    keys.reset()
    expect(keys.press(pressed('o'), 1)).toEqual(['o'])
  })
})

it('of two shortcuts with the same keys the later one runs, and the help has it once', () => {
  const table = new ShortcutTable()
  const run = () => undefined
  table.add({ keys: 'j', label: 'Next row', run })
  const take = table.add({ keys: 'j', label: 'Next event', run })
  expect(table.find('j')?.label).toBe('Next event')
  expect(table.list().map(({ label }) => label)).toEqual(['Next event'])
  take()
  expect(table.find('j')?.label).toBe('Next row')
})

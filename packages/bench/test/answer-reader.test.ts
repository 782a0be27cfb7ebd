import { describe, expect, it } from 'vitest'
import { AnswerReader } from '../src/measure/connection.js'

const TEAPOT = Buffer.from('HTTP/1.1 418 Teapot\r\nContent-Length: 4\r\nx: y\r\n\r\ntée')
const EMPTY = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')

describe('AnswerReader', () => {
  it('reads two answers that arrive at once', () => {
    const answers = new AnswerReader().read(Buffer.concat([EMPTY, TEAPOT]))
    expect(answers.map((answer) => answer.status)).toEqual([200, 418])
  })

  it('counts bytes, not characters', () => {
    const [answer] = new AnswerReader().read(TEAPOT)
    expect(Buffer.from(answer?.body ?? '', 'latin1').toString()).toBe('tée')
  })

  it('waits for the rest wherever an answer is cut', () => {
    for (let cut = 1; cut < TEAPOT.length; cut += 1) {
      const reader = new AnswerReader()
      expect(reader.read(TEAPOT.subarray(0, cut))).toEqual([])
      expect(reader.read(TEAPOT.subarray(cut))).toHaveLength(1)
    }
  })

  it('refuses an answer whose length it cannot know', () => {
    const chunked = Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
    expect(() => new AnswerReader().read(chunked)).toThrow('content-length')
  })
})

import { expect, it } from 'vitest'
import { readTitle } from '../../page/groups/group-title.js'

it.each([
  [
    'FATAL BACKEND ERROR orders 500 SERVER_ERROR: GET /orders/:id: Cannot read: x',
    { headline: 'Cannot read: x', endpoint: 'GET /orders/:id', code: 'SERVER_ERROR' },
  ],
  [
    'FATAL BACKEND ERROR orders 503 BUSY: GET /a: ',
    { headline: 'Answered 503', endpoint: 'GET /a', code: 'BUSY' },
  ],
  [
    'NON-FATAL BACKEND ERROR orders POST /pay: The label was not printed',
    { headline: 'The label was not printed', endpoint: 'POST /pay', code: undefined },
  ],
  [
    'NON-FATAL BACKEND ERROR orders: Oops: twice',
    { headline: 'Oops: twice', endpoint: undefined, code: undefined },
  ],
  [
    'NON-FATAL BACKEND ERROR orders GET /r: GET /r calltime exceeded 500 millisec!',
    { headline: 'GET /r took longer than 500 ms', endpoint: 'GET /r', code: undefined },
  ],
  [
    'GET /r has not ended after 30000 millisec!',
    { headline: 'GET /r has not ended after 30 s', endpoint: 'GET /r', code: undefined },
  ],
  [
    'NON-FATAL BACKEND ERROR orders POST /s: POST /s blocked the event loop for 3012 millisec!',
    { headline: 'POST /s blocked the event loop for 3.01 s', endpoint: 'POST /s', code: undefined },
  ],
  [
    'The event loop was blocked for 62000 millisec or more, until the process ended!',
    {
      headline: 'The event loop was blocked for 1 min 2 s or more, until the process ended',
      endpoint: undefined,
      code: undefined,
    },
  ],
  ['4749f835b9433e76', { headline: '4749f835b9433e76', endpoint: undefined, code: undefined }],
  ['<b>bold</b>', { headline: '<b>bold</b>', endpoint: undefined, code: undefined }],
])('the title %s is taken apart', (title, parts) => {
  expect(readTitle(title)).toEqual(parts)
})

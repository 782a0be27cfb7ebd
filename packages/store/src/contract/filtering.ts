import assert from 'node:assert/strict'
import { RECORD_KINDS, type RecordFilter } from '@fastify-scs/core/kit'
import {
  assertFinds,
  assertRejects,
  findAll,
  NOON,
  type Requirement,
  sample,
  samples,
} from './subject.js'

/** What holds for the filters that are more than one equal key. */
export const filtering: readonly Requirement[] = [
  {
    name: 'a status may be one of a list; an empty list finds nothing',
    async check({ store }) {
      const statuses = ['Queued', 'Completed', 'Failed', 'Completed', '']
      const records = samples(statuses.length, (index) => ({
        keys: { status: statuses[index] ?? '' },
      }))
      const without = sample()
      await store.insert([...records, without])
      await assertFinds(store, { status: ['Completed', 'Failed'] }, records.slice(1, 4))
      await assertFinds(store, { status: ['Failed', 'Failed'] }, records.slice(2, 3))
      await assertFinds(store, { status: ['queued'] }, [])
      await assertFinds(store, { status: [''] }, records.slice(4))
      await assertFinds(store, { status: [] }, [])
      await assertFinds(store, { status: 'Queued', statusNot: [] }, records.slice(0, 1))
    },
  },
  {
    name: 'statusNot leaves out one or several, and finds records without a status',
    async check({ store }) {
      const statuses = ['Queued', 'Completed', 'Failed']
      const records = samples(3, (index) => ({ keys: { status: statuses[index] ?? '' } }))
      const without = sample()
      await store.insert([...records, without])
      await assertFinds(store, { statusNot: 'Completed' }, [
        ...records.filter((_, n) => n !== 1),
        without,
      ])
      await assertFinds(store, { statusNot: ['Completed', 'Failed'] }, [
        ...records.slice(0, 1),
        without,
      ])
      await assertFinds(store, { statusNot: [] }, [...records, without])
      const both = { status: ['Queued', 'Failed'], statusNot: 'Failed' }
      await assertFinds(store, both, records.slice(0, 1))
    },
  },
  {
    name: 'a method is found in whatever case it is asked for and was written',
    async check({ store }) {
      const methods = ['POST', 'post', 'GET', 'PoSt', 7]
      const records = samples(5, (index) => ({ data: { method: methods[index] ?? '' } }))
      await store.insert([...records, sample()])
      for (const method of ['POST', 'post', 'Post'])
        await assertFinds(
          store,
          { method },
          [0, 1, 3].map((index) => records[index] ?? sample()),
        )
      await assertFinds(store, { method: 'get' }, records.slice(2, 3))
      await assertFinds(store, { method: 'POS' }, [])
      await assertFinds(store, { method: '7' }, [])
    },
  },
  {
    name: 'calls to the outside and those that came in are told apart',
    async check({ store }) {
      const out = sample({ data: { isRemoteRequest: true } })
      const within = sample({ data: { isRemoteRequest: false } })
      await store.insert([out, within, sample(), sample({ data: { isRemoteRequest: 'yes' } })])
      await assertFinds(store, { direction: 'out' }, [out])
      await assertFinds(store, { direction: 'in' }, [within])
      for (const direction of ['OUT', '', 'both'])
        await assertRejects(
          store.find(out.kind, { direction: direction as 'in' }),
          'SCS_STORE_ERR_FILTER',
        )
    },
  },
  {
    name: 'a URL is found by what it begins with, which means what it says, and in its case',
    async check({ store }) {
      const urls = [
        'https://api.a.com/v1/charges?x=100%25',
        'https://api.a.com/v1/',
        'https://api.a.com/v1',
        'https://api.a.com/V1/charges',
        'https://apiXa.com/v1/charges',
        'https://a.com/50%_off\\x[1]*',
        'https://a.com/50 off',
        `https://long.com/${'y'.repeat(2_000)}`,
        'https://a.com/é\u{10ffff}z',
      ]
      const records = samples(urls.length, (index) => ({ data: { url: urls[index] ?? '' } }))
      await store.insert([...records, sample(), sample({ data: { url: 7 } })])
      const expectPrefix = (urlPrefix: string, expected: readonly number[]) => {
        const matches = records.filter((_, index) => expected.includes(index))
        return assertFinds(store, { urlPrefix }, matches)
      }
      await expectPrefix('https://api.a.com/v1/', [0, 1])
      await expectPrefix('https://api.a.com/v1', [0, 1, 2])
      await expectPrefix('https://api_a.com/', [])
      await expectPrefix('HTTPS://api.a.com/', [])
      await expectPrefix('https://a.com/50%', [5])
      await expectPrefix('https://a.com/50%_off\\', [5])
      await expectPrefix('https://a.com/50%_off\\x[1]*', [5])
      await expectPrefix('https://a.com/50', [5, 6])
      await expectPrefix('a.com', [])
      await expectPrefix('https://long.com/yyyyy', [7])
      await expectPrefix(urls[7] ?? '', [7])
      await expectPrefix('https://a.com/é', [8])
      await expectPrefix('https://a.com/é\u{10ffff}', [8])
      await expectPrefix('', [0, 1, 2, 3, 4, 5, 6, 7, 8])
    },
  },
  {
    name: 'a key and the other side’s id find what is equal to them and nothing else',
    async check({ store }) {
      const keyed = samples(3, (index) => ({ keys: { service: 'a', key: `ws_${index}` } }))
      const remote = samples(3, (index) => ({ keys: { remoteId: `r${index >> 1}` } }))
      const versions = [...keyed, ...remote].map((record) => ({ record, expected: undefined }))
      assert.deepEqual(await store.compareAndSet(versions), [])
      await assertFinds(store, { key: 'ws_1' }, keyed.slice(1, 2))
      await assertFinds(store, { key: 'ws_1', service: 'a' }, keyed.slice(1, 2))
      await assertFinds(store, { key: 'ws_1', service: 'b' }, [])
      await assertFinds(store, { key: 'WS_1' }, [])
      await assertFinds(store, { remoteId: 'r0' }, remote.slice(0, 2))
      await assertFinds(store, { remoteId: 'R0' }, [])
    },
  },
  {
    name: 'these filters hold together and with the others, page by page',
    async check({ store }) {
      const records = samples(256, (index) => ({
        keys: {
          service: 'pay',
          status: ['Queued', 'Completed', 'Failed', 'Cancelled'][index & 3] ?? '',
          remoteId: index & 4 ? 'r' : 'q',
          summary: index & 8 ? 'POST charge' : 'refund',
        },
        data: {
          method: index & 16 ? 'POST' : 'GET',
          isRemoteRequest: (index & 32) !== 0,
          url: index & 64 ? 'https://a.com/v1/x' : 'https://a.com/v2/x',
        },
      }))
      await store.insert(records)
      const filter = {
        service: 'pay',
        status: ['Completed', 'Failed', 'Cancelled'],
        statusNot: 'Cancelled',
        remoteId: 'r',
        method: 'post',
        direction: 'out',
        urlPrefix: 'https://a.com/v1',
      } as const
      const matches = records.filter((_, index) => {
        return [1, 2].includes(index & 3) && [4, 16, 32, 64].every((bit) => (index & bit) !== 0)
      })
      await assertFinds(store, filter, matches)
      for (const limit of [1, 3, matches.length])
        await assertFinds(store, { ...filter, limit }, matches)
      const last = await store.find('integration_requests', { ...filter, limit: matches.length })
      assert.equal(last.nextCursor, undefined)
      const from = records[0]?.createdAt ?? 0
      const charged = matches.filter(({ keys }) => keys.summary === 'POST charge')
      await assertFinds(store, { ...filter, from, text: 'CHARGE', limit: 2 }, charged)
    },
  },
  {
    name: 'records of one route, release or trace are found page by page, of every kind',
    async check({ store }) {
      const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
      for (const kind of RECORD_KINDS) {
        const records = samples(64, (index) => ({
          kind,
          keys: {
            route: index & 1 ? 'GET /orders/:id' : 'GET /orders',
            release: index & 2 ? '1.4.0' : '1.4.0-rc.1',
            ...(index & 4 ? { traceId } : {}),
          },
          // Some within one millisecond.
          createdAt: NOON + (index >> 4),
        }))
        await store.insert(records)
        const filters: [RecordFilter, number][] = [
          [{ route: 'GET /orders/:id' }, 1],
          [{ release: '1.4.0' }, 2],
          [{ traceId }, 4],
          [{ route: 'GET /orders/:id', release: '1.4.0', traceId, from: NOON }, 7],
        ]
        for (const [filter, bits] of filters) {
          const matches = records.filter((_, index) => (index & bits) === bits)
          const newestFirst = matches.sort((one, other) => {
            return other.createdAt - one.createdAt || (other.id > one.id ? 1 : -1)
          })
          for (const limit of [3, 50]) {
            const found = await findAll(store, kind, { ...filter, limit })
            assert.deepEqual(
              found.map(({ id }) => id),
              newestFirst.map(({ id }) => id),
            )
          }
        }
        assert.deepEqual(await findAll(store, kind, { route: 'get /orders' }), [])
      }
    },
  },
  {
    name: 'a wrong value of these is refused',
    async check({ store }) {
      const wrong: object[] = [
        { status: 7 },
        { status: [7] },
        { statusNot: {} },
        { method: 1 },
        { urlPrefix: 1 },
        { key: 1 },
        { remoteId: null },
        { route: 1 },
        { release: {} },
        { traceId: [] },
      ]
      for (const filter of wrong)
        await assertRejects(store.find('integration_requests', filter), 'SCS_STORE_ERR_FILTER')
      assert.deepEqual(await findAll(store, 'integration_requests'), [])
    },
  },
]

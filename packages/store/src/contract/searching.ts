import assert from 'node:assert/strict'
import { SEARCHED_CHARS } from '../record/text.js'
import { assertFinds, NOON, type Requirement, sample, samples } from './subject.js'

/** What holds for `text` where the bodies are searched too; of a store that cannot, nothing is asked. */
export const searching: readonly Requirement[] = [
  {
    name: 'text finds words of data, output and error, all of them, in whatever case',
    needsBodies: true,
    async check({ store }) {
      const bodies = [
        { data: { customer: 'Zoë Müller', amount: 4711 } },
        { output: '<Result>Insufficient funds</Result>' },
        { error: { message: 'insufficient credit', code: 'E-42' } },
        { data: 'funds', output: { nested: [{ deep: 'insufficient' }] } },
        { requestHeaders: { accept: 'nowhere' }, description: 'insufficient funds' },
        { data: null, output: null, error: null },
        {},
      ]
      const records = samples(bodies.length, (index) => ({ data: bodies[index] ?? {} }))
      await store.insert(records)
      const expectText = (text: string, expected: readonly number[]) => {
        const matches = records.filter((_, index) => expected.includes(index))
        return assertFinds(store, { text, from: NOON }, matches)
      }
      await expectText('insufficient', [1, 2, 3])
      await expectText('FUNDS insufficient', [1, 3])
      await expectText('zoë', [0])
      await expectText('MÜLLER', [0])
      await expectText('4711', [0])
      await expectText('customer: müller', [0])
      await expectText('e-42', [2])
      // Whole words.
      await expectText('fund', [])
      await expectText('nowhere', [])
    },
  },
  {
    name: 'what means something to a search engine means nothing here',
    needsBodies: true,
    async check({ store }) {
      const record = sample({ data: { data: 'pay near refund' } })
      await store.insert([record, sample({ data: { data: 'other' } })])
      const found = ['"pay"', "pay'", 'pay & refund', 'pay*', '(pay)', '-pay', 'pay:refund', '^pay']
      for (const text of found) await assertFinds(store, { text, from: NOON }, [record])
      const none = [
        'pay OR other',
        'NEAR(pay other)',
        'pay | other',
        '!other pay',
        'p*',
        '*',
        '""',
        '%',
      ]
      for (const text of none) await assertFinds(store, { text, from: NOON }, [])
    },
  },
  {
    name: 'the summary is found as ever, and either will do',
    needsBodies: true,
    async check({ store }) {
      const bySummary = sample({ keys: { summary: 'POST /refunds' } })
      const byBody = sample({ data: { output: 'post refunds' } })
      await store.insert([bySummary, byBody, sample({ keys: { summary: 'POST' } })])
      await assertFinds(store, { text: 'post /REFUNDS', from: NOON }, [bySummary, byBody])
      await assertFinds(store, { text: 'efund', from: NOON }, [bySummary])
      await assertFinds(store, { text: 'refunds' }, [])
      const recent = sample({ createdAt: Date.now() - 1_000, data: { output: 'refunds' } })
      await store.insert([recent])
      await assertFinds(store, { text: 'refunds' }, [recent])
    },
  },
  {
    name: 'a version is found by its own words, and not by those of the one before; nor is one that is pruned',
    needsBodies: true,
    async check({ store }) {
      const record = sample({ createdAt: NOON, data: { data: 'before', output: null } })
      await store.insert([record])
      const next = { ...record, revision: 1, data: { data: 'before', output: 'after' } }
      await store.insert([next])
      await assertFinds(store, { text: 'after', from: NOON }, [next])
      const last = { ...record, revision: 2, data: { data: 'changed' } }
      assert.deepEqual(await store.compareAndSet([{ record: last, expected: 1 }]), [])
      await assertFinds(store, { text: 'before', from: NOON }, [])
      await assertFinds(store, { text: 'changed', from: NOON }, [last])
      await store.prune({ olderThan: NOON + 1 })
      await assertFinds(store, { text: 'changed', from: NOON }, [])
      await store.insert([{ ...record, data: { data: 'again' } }])
      await assertFinds(store, { text: 'again', from: NOON }, [record])
      await assertFinds(store, { text: 'changed', from: NOON }, [])
    },
  },
  {
    name: 'words are looked for in the beginning of the bodies, and page by page with other filters',
    needsBodies: true,
    async check({ store }) {
      const long = sample({ data: { data: `early ${'x '.repeat(SEARCHED_CHARS / 2)} late` } })
      await store.insert([long])
      await assertFinds(store, { text: 'early', from: NOON }, [long])
      await assertFinds(store, { text: 'late', from: NOON }, [])
      const records = samples(40, (index) => ({
        keys: { service: index % 2 === 0 ? 'a' : 'b' },
        data: { output: { word: 'needle', index } },
      }))
      await store.insert(records)
      const filter = { text: 'needle', from: NOON, service: 'a' }
      const matches = records.filter(({ keys }) => keys.service === 'a')
      for (const limit of [1, 7, 20]) await assertFinds(store, { ...filter, limit }, matches)
      const huge = sample({ data: { output: { text: 'Ω'.repeat(100_000) } } })
      await store.insert([huge])
    },
  },
]

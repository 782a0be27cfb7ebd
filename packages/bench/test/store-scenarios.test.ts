import { describe, expect, it } from 'vitest'
import { holdContest } from '../src/measure/contest.js'
import { Participant } from '../src/measure/participant.js'
import { withPostgres } from '../src/store/postgres-server.js'

const compiled = (name: string) => new URL(`../dist/programs/${name}.js`, import.meta.url)
const once = { turns: 1, warmUpTurns: 0, rounds: 1 }

// Whether the programs of the scenarios run to their end and tell what the figures need; how fast is the bench's own.
describe.skipIf(process.platform !== 'linux')('the store scenarios', { timeout: 120_000 }, () => {
  it('store-main-thread: a producer alone and one with a store', async () => {
    const module = compiled('store-main-thread')
    const programs = {
      alone: { module, args: ['alone', '100'] },
      store: { module, args: ['store', '100'] },
    }
    const [[turn] = []] = await holdContest({ ...once, programs })
    for (const sample of [turn?.alone, turn?.store]) {
      expect(sample).toMatchObject({ records: 500 })
      expect(sample?.mainThreadNs).toBeGreaterThan(0)
      expect(sample?.loopDelayP99Ms).toBeGreaterThanOrEqual(1)
    }
  })

  it('store-sqlite-rate and -one-by-one: all rows get into the file each way', async () => {
    const bare = (mode: string) => ({ module: compiled('bare-sqlite'), args: [mode, '10', '50'] })
    const programs = {
      tuned: bare('tuned'),
      serializing: bare('serializing'),
      wal: bare('wal'),
      plain: bare('plain'),
      store: { module: compiled('store-rate'), args: ['sqlite', '10', '50'] },
    }
    const [[turn] = []] = await holdContest({ ...once, programs })
    for (const name of Object.keys(programs)) {
      expect(turn?.[name]).toMatchObject({ rows: 50 })
      expect(turn?.[name]?.rowsPerSecond).toBeGreaterThan(0)
    }
  })

  it('store-postgres-rate: all rows get into the tables each way', async () => {
    const [[turn] = []] = await withPostgres(({ url }) => {
      const programs = {
        copy: { module: compiled('bare-copy'), args: [url('copy'), '10', '2', '50'] },
        store: { module: compiled('store-rate'), args: [url('store'), '10', '50'] },
      }
      return holdContest({ ...once, programs })
    })
    for (const sample of [turn?.copy, turn?.store]) expect(sample).toMatchObject({ rows: 50 })
  })

  it('store-soak: accounts for every record that was offered', async () => {
    await Participant.with({ module: compiled('store-soak'), args: ['500'] }, async (host) => {
      expect((await host.ask('calibrate')).rowsPerSecond).toBeGreaterThan(0)
      await host.ask('start')
      const { rssBytes, fileBytes } = await host.ask('sample')
      expect(rssBytes).toBeGreaterThan(0)
      expect(fileBytes).toBeGreaterThan(500 * 1_700)
      const { offered = 0, written = 0, shed = 0 } = await host.ask('end')
      expect(written).toBeGreaterThanOrEqual(500)
      expect(written + shed).toBe(offered)
    })
  })
})

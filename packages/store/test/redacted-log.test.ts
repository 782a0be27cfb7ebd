import { expect, it } from 'vitest'
import { sample } from '../src/contract/index.js'
import {
  MemoryStore,
  RecordRefusedError,
  type RetentionLimits,
  type StoreRecord,
  type StoreSetup,
  StoreUnavailableError,
} from '../src/index.js'
import { buildStore, newFolder, type TestApp } from './build-store.js'

const SECRET = 'cAnArY7391'

/** What drivers and servers say: URLs with their passwords, statements, values of rows. */
function saying(): { readonly cause: Error } {
  const cause = new Error(`connect postgres://app:${SECRET}@db:5432/app failed`, {
    cause: Object.assign(new Error(`Key (api_token)=(${SECRET}) already exists.`), {
      detail: `Failing row contains (1, ${SECRET}).`,
      password: SECRET,
    }),
  })
  return { cause }
}

const TEXT = `cannot reach postgres://app:${SECRET}@db/app`

/** A store whose every failure quotes a secret. */
class TalkingStore extends MemoryStore {
  readonly reasons: string[] = []
  failure: Error = new StoreUnavailableError('talking', TEXT, saying())
  isFailing = true

  override async open({ log }: StoreSetup): Promise<void> {
    log.warn({ url: `postgres://a:${SECRET}@h/`, err: saying().cause }, `opened ${TEXT}`)
  }

  override async insert(batch: readonly StoreRecord[]): Promise<void> {
    if (this.isFailing) throw this.failure
    await super.insert(batch)
  }

  override async insertDeadLetter(_record: StoreRecord, reason: string): Promise<void> {
    this.reasons.push(reason)
  }

  override async prune(_limits: RetentionLimits): Promise<number> {
    throw this.failure
  }
}

async function build(adapter: TalkingStore): Promise<TestApp> {
  const outboxPath = newFolder()
  return buildStore({ adapter, outboxPath, flushMs: 1, closeTimeoutMs: 100, retentionDays: 1 })
}

it('what an adapter, a database or a driver says is redacted in every line of the log', async () => {
  const adapter = new TalkingStore()
  const { app, log } = await build(adapter)
  await app.ready()
  app.scsStore.write(sample())
  await app.scsStore.flush().catch(() => undefined)
  await app.close()
  const text = JSON.stringify(log)
  expect(text).toContain('the store is not available')
  expect(text).toContain('opened cannot reach')
  expect(text).not.toContain(SECRET)
})

it('why a record was refused is redacted in the log and with the dead letters', async () => {
  const adapter = new TalkingStore()
  adapter.failure = new RecordRefusedError('talking', `bad row (password=${SECRET})`, saying())
  const { app, log } = await build(adapter)
  app.scsStore.write(sample())
  await app.scsStore.flush().catch(() => undefined)
  expect(adapter.reasons).toHaveLength(1)
  expect(adapter.reasons.join()).not.toContain(SECRET)
  expect(JSON.stringify(log)).toContain('a record is refused')
  expect(JSON.stringify(log)).not.toContain(SECRET)
})

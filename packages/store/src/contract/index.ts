import { CheckedAdapter } from '../checked-adapter.js'
import type { StoreAdapter, StoreSetup } from '../port.js'
import { changing } from './changing.js'
import { counting } from './counting.js'
import { deciding } from './deciding.js'
import { filtering } from './filtering.js'
import { finding } from './finding.js'
import { forgetting } from './forgetting.js'
import { forgettingAUser } from './forgetting-a-user.js'
import { grouping } from './grouping.js'
import { keeping } from './keeping.js'
import { keying } from './keying.js'
import { readingOnly } from './reading-only.js'
import { regressing } from './regressing.js'
import { routing } from './routing.js'
import { searching } from './searching.js'
import type { MakeSubject, Requirement } from './subject.js'
import { tallying } from './tallying.js'
import { writing } from './writing.js'

export { CheckedAdapter } from '../checked-adapter.js'
export { checkManyProcesses, type ManyProcesses } from './many-processes.js'
export { type ContractSubject, type MakeSubject, NOON, sample, samples } from './subject.js'

/** The part of a test runner that the contract needs: vitest, node:test, Jest and Mocha all have it. */
export interface ContractTools {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: (name: string, body: () => Promise<void>) => unknown
}

/** Describes what every store must do, as tests of the caller's test runner; each makes a store of its own. */
export function describeStoreContract(
  name: string,
  makeSubject: MakeSubject,
  { describe, it }: ContractTools,
): void {
  const parts = {
    writing,
    changing,
    keying,
    finding,
    filtering,
    searching,
    counting,
    grouping,
    deciding,
    regressing,
    tallying,
    routing,
    keeping,
    forgetting,
    'forgetting a user': forgettingAUser,
    'reading only': readingOnly,
  }
  for (const [part, requirements] of Object.entries(parts)) {
    describe(`${name}, ${part}`, () => {
      for (const requirement of requirements) {
        it(requirement.name, () => run(requirement, makeSubject))
      }
    })
  }
}

async function run(requirement: Requirement, makeSubject: MakeSubject): Promise<void> {
  const { adapter, reopen, absent, slowRead, dispose } = await makeSubject()
  const { needsBodies: searchBodies = false } = requirement
  const setup = { searchBodies, ...requirement.setup }
  const checked = (make: () => StoreAdapter) => (given?: Partial<StoreSetup>) =>
    new CheckedAdapter(make(), { ...setup, ...given })
  const store = new CheckedAdapter(adapter, setup)
  try {
    await store.open()
    if (searchBodies && adapter.traits.bodySearch === 'never') return
    await requirement.check({
      store,
      reopen: reopen && checked(reopen),
      absent: absent && checked(absent),
      slowRead: slowRead && (() => slowRead(adapter)),
    })
  } finally {
    await store.close()
    await dispose?.()
  }
}

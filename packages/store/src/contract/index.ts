import { counting } from './counting.js'
import { finding } from './finding.js'
import { keeping } from './keeping.js'
import type { MakeSubject, Requirement } from './subject.js'
import { writing } from './writing.js'

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
  const parts = { writing, finding, counting, keeping }
  for (const [part, requirements] of Object.entries(parts)) {
    describe(`${name}, ${part}`, () => {
      for (const requirement of requirements) {
        it(requirement.name, () => run(requirement, makeSubject))
      }
    })
  }
}

async function run(requirement: Requirement, makeSubject: MakeSubject): Promise<void> {
  const subject = await makeSubject()
  const store = subject.adapter
  try {
    await store.open()
    await requirement.check({ ...subject, store })
  } finally {
    await store.close()
    await subject.dispose?.()
  }
}

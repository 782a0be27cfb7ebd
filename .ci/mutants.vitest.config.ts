import { mergeConfig, type UserWorkspaceConfig } from 'vitest/config'
import base from '../vitest.config.js'

// The tests of one package, without those that run programs: these read `dist`, in which nothing is changed.
const { projects = [], ...test } = base.test ?? {}
const name = process.env.SCS_MUTANTS_PACKAGE
const project = (projects as UserWorkspaceConfig[]).find((each) => each.test?.name === name)
if (project === undefined) throw new Error(`There is no package ${name}`)

export default {
  test: {
    ...test,
    projects: [
      mergeConfig(project, {
        test: {
          // A mutant that changes what a module does when it is loaded is seen by every file.
          isolate: true,
          exclude: ['**/process-end.test.ts', '**/many-processes.test.ts', '**/owned-file.test.ts'],
        },
      }),
    ],
  },
}

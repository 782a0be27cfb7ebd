import { mergeConfig, type UserWorkspaceConfig } from 'vitest/config'
import base from '../vitest.config.js'

// The tests of one package, without those that run programs: these read `dist`, in which nothing is changed.
const { projects = [], globalSetup, ...test } = base.test ?? {}
const { SCS_MUTANTS_PACKAGE: name, SCS_MUTANTS_TESTS: tests = '' } = process.env
const project = (projects as UserWorkspaceConfig[]).find((each) => each.test?.name === name)
if (project?.test === undefined) throw new Error(`There is no package ${name}`)
if (tests !== '') {
  project.test.include = tests.split(',').map((path) => `test/${path}`)
}

export default {
  test: {
    ...test,
    // No other package's tests have a database.
    globalSetup: name === 'store-postgres' ? globalSetup : [],
    maxWorkers: 1,
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

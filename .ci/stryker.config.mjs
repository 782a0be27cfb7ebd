// What StrykerJS is told; `mutants.mjs` adds what to mutate.
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: '.ci/mutants.vitest.config.ts', related: true },
  coverageAnalysis: 'perTest',
  // There is none of this name: to move one it would take the compiler's API, which TypeScript 7 does not have.
  tsconfigFile: 'none.json',
  reporters: ['clear-text', 'progress'],
  clearTextReporter: { allowColor: false, reportTests: false, reportScoreTable: true },
  ignorePatterns: ['docs', 'packages/*/var', '.cache'],
  tempDirName: '.stryker-tmp',
  concurrency: 1,
  timeoutMS: 5_000,
  allowEmpty: true,
}

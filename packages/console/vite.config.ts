import { defineConfig } from 'vite'

export default defineConfig({
  root: `${import.meta.dirname}/page`,
  // Relative: the page is served under whatever prefix the application chose.
  base: './',
  build: {
    // Files of the same origin only: the page's policy allows no data: and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    target: 'es2022',
    // Who builds it to see the demo has no use for them.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
})

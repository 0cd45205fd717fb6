import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Each file has a process of its own: the addon's thread pool and memory counters are process-wide.
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

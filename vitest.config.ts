import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Each file has a process of its own: the addon's thread pool and memory counters are process-wide.
    pool: 'forks',
    // Prepared models are kept from run to run, and no test writes to the user's folder.
    env: { PLACARD_MODELS: process.env.PLACARD_MODELS ?? join(import.meta.dirname, '.cache', 'models') },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

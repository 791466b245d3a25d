import { defineConfig } from 'vitest/config';
import { Sequencer } from './test/support/sequencer.ts';

const conditions = ['source', 'node'];
const shared = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions } },
  // Where global set-ups run.
  environments: { __vitest__: { resolve: { conditions } } },
};
/** `expect.poll` waits for what a busy machine does late; what it asserts is not a matter of time. */
const patient = { poll: { timeout: 30_000 } };
const everywhere = ['apps/*/src', 'apps/board/page/src', 'packages/*/src', 'test'];

export default defineConfig({
  test: {
    reporters: ['default'],
    // Most tests wait for processes, for servers and for the pace: two cores bear five at a time.
    maxWorkers: 5,
    sequence: { sequencer: Sequencer },
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: everywhere.map((folder) => `${folder}/**/*.unit.test.ts`),
          // No module keeps state, so files can share them: loading them anew for each file took most of the time.
          // The same holds of the other projects, whose files also share processes (test/support/program.ts).
          isolate: false,
          // Each worker loads all modules, which is most of the work; before the others, whose workers mostly wait.
          maxWorkers: 2,
          // Modules come to a thread more cheaply than to a process.
          pool: 'threads',
          sequence: { groupOrder: 0 },
          testTimeout: 30_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: everywhere.map((folder) => `${folder}/**/*.integration.test.ts`),
          isolate: false,
          sequence: { groupOrder: 1 },
          globalSetup: ['bin/build.mjs', 'test/support/test-redis.ts'],
          setupFiles: ['test/support/to-end-with.ts'],
          expect: patient,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'system',
          include: ['test/**/*.system.test.ts'],
          isolate: false,
          sequence: { groupOrder: 1 },
          globalSetup: ['bin/build.mjs', 'test/support/test-redis.ts'],
          setupFiles: ['test/support/to-end-with.ts'],
          expect: patient,
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { openTestQueue } from '../../../test/support/open-test-queue.ts';
import { resumeNotice } from './account.ts';

it('a run that continues is that of the living process at work on it, not of one at work on another', async () => {
  const { keyspace, pace } = await openTestQueue(20);
  const self = { role: 'start', host: hostname(), pid: process.pid, slots: 1, intervalMs: 20 };
  await pace.attach('other', { ...self, pid: process.ppid, run: '1' });
  await pace.attach('worker', { ...self, role: 'worker' });
  expect(await resumeNotice({ keyspace }, '2', 'run')).toBe('Resuming the interrupted run.');
  await pace.attach('this', { ...self, run: '2' });
  expect(await resumeNotice({ keyspace }, '2', 'run')).toBe(
    `Joining the run of ${hostname()}, process ${process.pid}.`,
  );
});

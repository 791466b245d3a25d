import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { openTestQueue } from '../../../test/support/open-test-queue.ts';
import { resumeNotice } from './account.ts';

it('a run that continues is that of the living process at work on it, not of one at work on another', async () => {
  const { keyspace, pace } = await openTestQueue(20);
  const self = { role: 'start', host: hostname(), pid: process.pid, slots: 1, intervalMs: 20 };
  await pace.attach('other', { ...self, pid: process.ppid, run: '1' });
  const notice = () => resumeNotice({ keyspace }, { id: '2', what: 'run' });
  expect(await notice()).toBe('Resuming the interrupted run.');
  await pace.attach('this', { ...self, run: '2' });
  expect(await notice()).toBe(`Joining the run of ${hostname()}, process ${process.pid}.`);
});

it('a run that continues beside a living worker was not interrupted', async () => {
  const { keyspace, pace } = await openTestQueue(20);
  await pace.attach('worker', { role: 'worker', host: hostname(), pid: process.pid, slots: 1, intervalMs: 20 });
  expect(await resumeNotice({ keyspace }, { id: '2', what: 'run' })).toBe(
    'The previous run is not over yet: this one joins it.',
  );
});

it('a run that is not over when the schedule comes round was not interrupted', async () => {
  const { keyspace } = await openTestQueue(20);
  expect(await resumeNotice({ keyspace }, { id: '2', what: 'run', scheduled: true })).toBe(
    'The previous run is not over yet: this one joins it.',
  );
});

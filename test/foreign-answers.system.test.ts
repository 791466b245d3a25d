import type { Fault, ResultsEndpoint } from '@inventory/sandbox';
import { describe, it } from 'vitest';
import { libraryOf, openSystemBench, type SystemBenchOptions } from './support/system-bench.ts';

const html = { 'content-type': 'text/html' };
const page = '<!doctype html><html><title>Sign in to the network</title></html>';

/** What something in front of the API says in its place, by the endpoint that it says it at. */
const foreign: readonly (readonly [what: string, endpoint: ResultsEndpoint, fault: Fault])[] = [
  ['404 in HTML', 'sessionResults', { kind: 'status', status: 404, body: page, headers: html }],
  ['404 in text', 'sessionResults', { kind: 'status', status: 404, body: '404 page not found' }],
  ['404 without a body', 'sessionResults', { kind: 'status', status: 404, body: '' }],
  ['404 with a list', 'sessionResults', { kind: 'status', status: 404, body: [] }],
  ['404 in HTML', 'videoDownloadUrl', { kind: 'status', status: 404, body: page, headers: html }],
  ['404 in text', 'qxScores', { kind: 'status', status: 404, body: 'no backend' }],
  ['404 without a body', 'transcript', { kind: 'status', status: 404, body: '' }],
  ['200 in HTML', 'videoDownloadUrl', { kind: 'status', status: 200, body: page, headers: html }],
  ['200 in HTML', 'qxScores', { kind: 'not-json' }],
  ['200 in HTML', 'transcript', { kind: 'not-json' }],
  ['200 with words of an error', 'qxScores', { kind: 'status', status: 200, body: { code: 'X', message: 'gone' } }],
];
const settings = { REQUEST_INTERVAL_MS: '20', STEP_RETRIES: '3', PROVISIONAL_HOURS: '0' };

/** Surveys, one per foreign answer, which meets that test for good or so many times. */
async function openWithFaults(afterTest: SystemBenchOptions['afterTest'], times: { count?: number } = {}) {
  const library = libraryOf(...foreign.map(() => 'survey' as const));
  const bench = await openSystemBench({ afterTest, sandbox: { library }, settings });
  for (const [index, [, endpoint, fault]] of foreign.entries()) {
    bench.sandbox.faults.add({ ...fault, endpoint, testUuid: bench.tests[index]?.uuid, ...times });
  }
  return bench;
}

describe('an answer that is not the API’s', () => {
  it.concurrent('is asked for once more, and decides nothing when that one is right', async ({
    expect,
    onTestFinished,
  }) => {
    const bench = await openWithFaults(onTestFinished, { count: 1 });
    const ended = await bench.start();
    expect(ended).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
    expect(bench.asked()).toHaveLength(bench.least() + foreign.length);
  });

  it.concurrent('that stays is recorded as invalid_response after two requests, and opens no circuit', async ({
    expect,
    onTestFinished,
  }) => {
    const bench = await openWithFaults(onTestFinished);
    const ended = await bench.start();
    expect(ended).toEndWith({ code: 1 });
    const { errors, classic, utz } = await bench.files();
    expect(classic).toEqual([]);
    expect(utz).toEqual([]);
    for (const [index, [what, endpoint]] of foreign.entries()) {
      const uuid = bench.tests[index]?.uuid ?? '';
      expect(errors[uuid], what).toMatchObject({ type: 'invalid_response', attempts: 2 });
      expect(bench.asked(uuid, endpoint), what).toHaveLength(2);
    }
    expect(JSON.stringify(errors)).toContain('NOT_FOUND_BODY');
    expect(ended.stdout).not.toContain('does not answer');
    bench.sandbox.faults.clear();
    expect(await bench.start()).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
  });

  it.concurrent('counts as the tutorial has it where NOT_FOUND_BODY=any', async ({ expect, onTestFinished }) => {
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library: libraryOf('classic', 'survey', 'think-out-loud') },
      settings: { ...settings, NOT_FOUND_BODY: 'any' },
    });
    const [classic] = bench.tests;
    bench.sandbox.faults.add({ kind: 'status', status: 404, body: page, headers: html, testUuid: classic?.uuid });
    expect(await bench.start()).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
  });
});

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Category, type Evidence, nextStep, testTypeOf, tutorialRules } from '@inventory/classification';
import type { Probing } from './ways.ts';

/** A request to the API. @returns the body of the answer; null for anything but a 200 */
export type Ask = (path: string) => Promise<string | null>;

/** A test, what is known of it, and what follows from that. */
export interface KnownTest {
  readonly uuid: string;
  readonly evidence: Evidence;
  readonly category: Category | null;
}

/** Gets a token as the tutorial does. @param settings where the API is and who asks it, as in the environment */
export async function openApi(settings: Readonly<Record<string, string | undefined>>): Promise<Ask> {
  const { API_BASE_URL, TOKEN_URL = '', CLIENT_ID = '', CLIENT_SECRET = '' } = settings;
  const client = { client_id: CLIENT_ID, client_secret: CLIENT_SECRET };
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...client, scope: 'studies:read' });
  const answer = await fetch(TOKEN_URL, { method: 'POST', body: form });
  const { access_token } = JSON.parse(await answer.text());
  const headers = { authorization: `Bearer ${access_token}` };
  return async (path) => {
    const response = await fetch(`${API_BASE_URL}${path}`, { headers });
    const body = await response.text();
    return response.status === 200 ? body : null;
  };
}

/** Asks the next thing that the tutorial asks about a test. */
export async function askNext(ask: Ask, { uuid, evidence }: KnownTest): Promise<KnownTest> {
  const step = nextStep(evidence, tutorialRules);
  if (step.kind === 'decided') return { uuid, evidence, category: step.rule.category };
  const paths = {
    sessions: `sessionResults?testId=${uuid}&offset=0&limit=10`,
    video: `sessionResults/${step.sessionId}/videoDownloadUrl`,
    qx: `testResults/${uuid}/qxScores`,
    transcript: `sessionResults/${step.sessionId}/transcript`,
  };
  const body = await ask(`/api/v2/${paths[step.probe]}`);
  const sessionId = step.probe === 'sessions' && body !== null ? JSON.parse(body).sessions[0]?.sessionId : null;
  const answer = { outcome: body === null ? 'absent' : 'present', at: 0, sessionId } as const;
  const known = { ...evidence, [step.probe]: answer };
  const next = nextStep(known, tutorialRules);
  return { uuid, evidence: known, category: next.kind === 'decided' ? next.rule.category : null };
}

/** Asks all of it, one request after the other. */
export async function askAll(ask: Ask, uuid: string): Promise<Category> {
  let test: KnownTest = { uuid, evidence: {}, category: null };
  while (test.category === null) test = await askNext(ask, test);
  return test.category;
}

/**
 * The tutorial's script: one request after the other, a whole interval of sleep after each answer, and the lists written
 * anew for each test.
 */
export async function runScript({ sandbox, folder, intervalMs }: Probing): Promise<void> {
  const ask = await openApi(sandbox.settings);
  const paced: Ask = async (path) => {
    const answer = await ask(path);
    if (intervalMs > 0) await sleep(intervalMs);
    return answer;
  };
  for (const { uuid, workspaces } of sandbox.library.tests()) {
    const category = await askAll(paced, uuid);
    const path = join(folder, category === 'ClassicUT' ? 'classicut_tests.json' : 'utz_tests.json');
    const item = { test_uuid: uuid, workspace_uuid: workspaces.at(-1) ?? '', workspace_name: 'Workspace' };
    await change(path, item);
    const test_type = testTypeOf(category);
    if (test_type !== undefined) await change(path, { ...item, test_type });
  }
}

/** The tutorial's way of keeping results: each change reads a list, searches it, and writes all of it again. */
async function change(path: string, item: Readonly<Record<string, string>>): Promise<void> {
  const items: (typeof item)[] = JSON.parse(await readFile(path, 'utf8').catch(() => '[]'));
  const known = new Map(items.map((each) => [each['test_uuid'], each]));
  await writeFile(path, JSON.stringify([...known.set(item['test_uuid'], item).values()], null, 2));
}

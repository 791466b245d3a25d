import { setTimeout as sleep } from 'node:timers/promises';
import { type Category, nextStep, testTypeOf, tutorialRules } from '@inventory/classification';
import type { SandboxProcess } from './sandbox-process.ts';
import { ScriptFiles } from './script-files.ts';

/** A request of one of the ways that this program is compared with: status and, for sessions, the first id. */
export type Ask = (path: string) => Promise<{ status: number; body: string }>;

/** Gets a token as the tutorial does. */
export async function accessTokenOf({ settings }: SandboxProcess): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: settings['CLIENT_ID'] ?? '',
    client_secret: settings['CLIENT_SECRET'] ?? '',
    scope: 'studies:read',
  });
  const answer = await fetch(settings['TOKEN_URL'] ?? '', { method: 'POST', body: form });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** Opens the API for a way. */
export async function openApi(sandbox: SandboxProcess): Promise<Ask> {
  const { settings } = sandbox;
  const token = await accessTokenOf(sandbox);
  return async (path) => {
    const response = await fetch(`${settings['API_BASE_URL']}${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: response.status, body: await response.text() };
  };
}

/** Asks what the tutorial asks about one test, one request after the other. A 429 is tried once more at once. */
export async function classifyOne(ask: Ask, testUuid: string): Promise<Category> {
  let evidence = {};
  for (;;) {
    const step = nextStep(evidence, tutorialRules);
    if (step.kind === 'decided') return step.rule.category;
    const { status, body } = await ask(pathOf(step.probe, testUuid, step.sessionId));
    const sessionId =
      step.probe === 'sessions' && status === 200 ? (JSON.parse(body).sessions[0]?.sessionId ?? null) : null;
    evidence = { ...evidence, [step.probe]: { outcome: status === 200 ? 'present' : 'absent', at: 0, sessionId } };
  }
}

function pathOf(probe: 'sessions' | 'video' | 'qx' | 'transcript', testUuid: string, sessionId: string | null): string {
  switch (probe) {
    case 'sessions':
      return `/api/v2/sessionResults?testId=${testUuid}&offset=0&limit=10`;
    case 'video':
      return `/api/v2/sessionResults/${sessionId}/videoDownloadUrl`;
    case 'qx':
      return `/api/v2/testResults/${testUuid}/qxScores`;
    case 'transcript':
      return `/api/v2/sessionResults/${sessionId}/transcript`;
  }
}

/**
 * The tutorial's way: one request after the other, a whole interval of sleep after each answer, and the lists written
 * anew for each test.
 * @param folder for its lists; without one nothing is kept
 */
export async function scriptWay(sandbox: SandboxProcess, intervalMs: number, folder?: string): Promise<void> {
  const ask = await openApi(sandbox);
  const paced: Ask = async (path) => {
    const answer = await ask(path);
    if (intervalMs > 0) await sleep(intervalMs);
    return answer;
  };
  const files = folder === undefined ? null : new ScriptFiles(folder);
  for (const { uuid, workspaces } of await sandbox.library()) {
    const category = await classifyOne(paced, uuid);
    const item = { test_uuid: uuid, workspace_uuid: workspaces.at(-1) ?? '', workspace_name: 'Workspace' };
    const list = category === 'ClassicUT' ? 'classicut_tests.json' : 'utz_tests.json';
    await files?.append(list, item);
    const type = testTypeOf(category);
    if (type !== undefined) await files?.update(list, uuid, type);
  }
}

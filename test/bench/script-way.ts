import { setTimeout as sleep } from 'node:timers/promises';
import { nextStep, tutorialRules } from '@inventory/classification';
import type { SandboxProcess } from './sandbox-process.ts';

/** A request of one of the ways that this program is compared with: status and, for sessions, the first id. */
export type Ask = (path: string) => Promise<{ status: number; body: string }>;

/** Opens the API for a way: gets a token as the tutorial does. */
export async function openApi({ settings }: SandboxProcess): Promise<Ask> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: settings['CLIENT_ID'] ?? '',
    client_secret: settings['CLIENT_SECRET'] ?? '',
    scope: 'studies:read',
  });
  const answer = await fetch(settings['TOKEN_URL'] ?? '', { method: 'POST', body: form });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return async (path) => {
    const response = await fetch(`${settings['API_BASE_URL']}${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: response.status, body: await response.text() };
  };
}

/** Asks what the tutorial asks about one test, one request after the other. A 429 is tried once more at once. */
export async function classifyOne(ask: Ask, testUuid: string): Promise<void> {
  let evidence = {};
  for (;;) {
    const step = nextStep(evidence, tutorialRules);
    if (step.kind === 'decided') return;
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

/** The tutorial's way: one request after the other, and a whole interval of sleep after each answer. */
export async function scriptWay(sandbox: SandboxProcess, intervalMs: number): Promise<void> {
  const ask = await openApi(sandbox);
  const paced: Ask = async (path) => {
    const answer = await ask(path);
    await sleep(intervalMs);
    return answer;
  };
  for (const { uuid } of await sandbox.library()) await classifyOne(paced, uuid);
}

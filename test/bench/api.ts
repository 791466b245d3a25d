import { type Category, type Evidence, nextStep, type ProbeName, tutorialRules } from '@inventory/classification';

/** A request to the API. */
export type Ask = (path: string) => Promise<{ status: number; body: string }>;

/** A test, what is known of it, and what follows from that. */
export interface KnownTest {
  readonly uuid: string;
  readonly evidence: Evidence;
  readonly category: Category | null;
}

/** Gets a token as the tutorial does. @param settings where the API is and who asks it, as in the environment */
export async function openApi(settings: Readonly<Record<string, string | undefined>>): Promise<Ask> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: settings['CLIENT_ID'] ?? '',
    client_secret: settings['CLIENT_SECRET'] ?? '',
    scope: 'studies:read',
  });
  const answer = await fetch(settings['TOKEN_URL'] ?? '', { method: 'POST', body: form });
  const { access_token } = (await answer.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}` };
  return async (path) => {
    const response = await fetch(`${settings['API_BASE_URL']}${path}`, { headers });
    return { status: response.status, body: await response.text() };
  };
}

const pathOf: Readonly<Record<ProbeName, (test: string, session: string | null) => string>> = {
  sessions: (test) => `sessionResults?testId=${test}&offset=0&limit=10`,
  video: (_, session) => `sessionResults/${session}/videoDownloadUrl`,
  qx: (test) => `testResults/${test}/qxScores`,
  transcript: (_, session) => `sessionResults/${session}/transcript`,
};

/** Asks the next thing that the tutorial asks about a test. */
export async function askNext(ask: Ask, test: KnownTest): Promise<KnownTest> {
  const { uuid } = test;
  const step = nextStep(test.evidence, tutorialRules);
  if (step.kind === 'decided') return test;
  const { status, body } = await ask(`/api/v2/${pathOf[step.probe](uuid, step.sessionId)}`);
  const isList = step.probe === 'sessions' && status === 200;
  const sessionId = isList ? (JSON.parse(body).sessions[0]?.sessionId ?? null) : null;
  const answer = { outcome: status === 200 ? 'present' : 'absent', at: 0, sessionId } as const;
  const evidence = { ...test.evidence, [step.probe]: answer };
  const next = nextStep(evidence, tutorialRules);
  return { uuid, evidence, category: next.kind === 'decided' ? next.rule.category : null };
}

/** Asks all of it, one request after the other. */
export async function askAll(ask: Ask, uuid: string): Promise<Category> {
  let test: KnownTest = { uuid, evidence: {}, category: null };
  while (test.category === null) test = await askNext(ask, test);
  return test.category;
}

import { beforeEach, describe, expect, it } from 'vitest';
import { makeProvisional, makeUnconfirmed } from '../../../test/support/checkpoints.ts';
import type { TestAccount } from '../../../test/support/open-test-account.ts';
import { classifyAll, openCliAccount } from '../../../test/support/open-test-account.ts';
import { explain } from './explain.ts';

const uuid = (start: string) => `${start}-0000-4000-8000-000000000000`;
const survey = uuid('aaaa1111');
const classic = uuid('aaaa2222');
const broken = uuid('bbbb0000');
const library = {
  workspaces: [{ name: 'Studio' }],
  tests: [
    { kind: 'survey' as const, uuid: survey, title: 'How was it?' },
    { kind: 'classic' as const, uuid: classic },
    { kind: 'survey' as const, uuid: broken },
  ],
};

describe('explain', () => {
  let account: TestAccount;
  beforeEach(async () => {
    account = await openCliAccount({ sandbox: { library }, env: { PROVISIONAL_HOURS: '0' } });
    account.sandbox.faults.add({ kind: 'status', status: 403, endpoint: 'qxScores', testUuid: broken });
    await account.produceAll();
  });
  const lines = async (...words: string[]): Promise<string> =>
    (await explain(account.runtime.settings, words)).lines.join('\n');

  it('names the verdict, the rule and every answer with its time', async () => {
    await classifyAll(account);
    const text = await lines(survey);
    expect(text).toMatch(/How was it\?[\s\S]*Studio[\s\S]*UTZ, survey[\s\S]*by the rule no-other-data/);
    for (const said of [
      'sessionResults said 200',
      'videoDownloadUrl said 404',
      'qxScores said 404',
      'transcript said 404',
    ]) {
      expect(text).toMatch(new RegExp(`${said} on \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d`));
    }
    expect(await lines(classic)).toMatch(/ClassicUT[\s\S]*sessionResults said 404/);
  });

  it('says that a verdict is not final, why, and when it is checked again', async () => {
    await classifyAll(account);
    expect(await lines(survey, classic)).not.toContain('Not final');
    const { checkpoints, settings } = account.runtime;
    const until = Date.parse('2026-11-26T12:00:00.000Z');
    await makeProvisional(checkpoints, survey, until);
    await makeUnconfirmed(checkpoints, classic);
    expect(await lines(survey)).toMatch(
      /Not final +provisional: it rests on absent data .*; probed again by the first run after 2026-11-2\d \d\d:00:00\n/,
    );
    expect(await lines(classic)).toMatch(
      /Not final +unconfirmed: the Results API has answered 404 for every test so far;/,
    );
    const { json } = await explain(settings, [survey, classic, broken]);
    expect(json).toMatchObject({
      tests: [
        { certainty: 'provisional', provisional_until: '2026-11-26T12:00:00.000Z' },
        { certainty: 'unconfirmed', provisional_until: null },
        { certainty: null, provisional_until: null, verdict: null },
      ],
    });
  });

  it('shows an error beside the answers that came before it', async () => {
    await classifyAll(account);
    expect(await lines(broken)).toMatch(/Verdict +none[\s\S]*videoDownloadUrl said 404[\s\S]*unclassified_error.*403/);
  });

  it('says that a test is in the queue', async () => {
    expect(await lines(survey)).toMatch(/none yet[\s\S]*in the queue: waits/);
  });

  it('accepts the first characters of a UUID, in any case', async () => {
    expect(await lines('AAAA1')).toContain(`Test ${survey}`);
  });

  it('lists the tests that a start could mean', async () => {
    const { code, lines: said } = await explain(account.runtime.settings, ['aaaa']);
    expect(code).toBe(1);
    expect(said.join('\n')).toMatch(new RegExp(`Several[\\s\\S]*${survey}[\\s\\S]*${classic}`));
  });

  it('suggests near UUIDs for an unknown one, and explains the others all the same', async () => {
    const { code, lines: said, json } = await explain(account.runtime.settings, [uuid('aaaa1112'), broken]);
    expect(code).toBe(1);
    expect(said.join('\n')).toMatch(new RegExp(`Did you mean[\\s\\S]*${survey}[\\s\\S]*Test ${broken}`));
    expect(json).toMatchObject({ tests: [{ test_uuid: broken }], unknown: [{ near: [survey] }] });
    expect(await lines('zzzz')).toContain('Check the UUID');
  });
});

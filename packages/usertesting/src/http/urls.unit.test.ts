import { describe, expect, it } from 'vitest';
import { RejectedError } from '../errors.ts';
import { probeUrl, whereOf } from './urls.ts';

const target = { testUuid: 't/1 ?', sessionId: 's#2' };

describe('the four addresses of the tutorial', () => {
  it.each([
    ['sessions', '/api/v2/sessionResults?testId=t%2F1%20%3F&offset=0&limit=10'],
    ['video', '/api/v2/sessionResults/s%232/videoDownloadUrl'],
    ['qx', '/api/v2/testResults/t%2F1%20%3F/qxScores'],
    ['transcript', '/api/v2/sessionResults/s%232/transcript'],
  ] as const)('%s is %s, with ids encoded', (probe, path) => {
    expect(probeUrl('http://api.test/', probe, target)).toBe(`http://api.test${path}`);
  });

  it.each([null, '', '.', '..', '\uDC00'])('a session id of %j is never requested', (sessionId) => {
    expect(() => probeUrl('http://api.test', 'video', { testUuid: 't', sessionId })).toThrow(RejectedError);
  });
});

it.each(['video', 'transcript'] as const)("the address of %s in a message has no session's id", (probe) => {
  const url = probeUrl('http://api.test/base', probe, { testUuid: 't', sessionId: 's#2 ü/3' });
  expect(whereOf(url)).toMatch(/^api\.test\/base\/api\/v2\/sessionResults\/\{session\}\/\w+$/);
});

import { expect, it } from 'vitest';
import { readCall } from './endpoints.ts';

const call = (method: string, path: string) => {
  const { query: _, ...rest } = readCall(method, new URL(path, 'http://sandbox')) ?? { query: undefined };
  return rest;
};

it('knows the paths of the tutorial, with and without the slash after sessionResults', () => {
  expect(call('POST', '/oauth2/aus1p3vtd8vtm4Bxv0h8/v1/token')).toEqual({ endpoint: 'token' });
  expect(call('GET', '/usertesting/api/v1/workspaces')).toEqual({ endpoint: 'workspaces' });
  expect(call('GET', '/usertesting/api/v1/workspaces/AB?after=MQ')).toEqual({
    endpoint: 'listing',
    workspaceUuid: 'ab',
  });
  const sessions = { endpoint: 'sessionResults', testUuid: 'ab' };
  expect(call('GET', '/api/v2/sessionResults?testId=AB')).toEqual(sessions);
  expect(call('GET', '/api/v2/sessionResults/?testId=AB')).toEqual(sessions);
  expect(call('GET', '/api/v2/sessionResults/S/videoDownloadUrl')).toEqual({
    endpoint: 'videoDownloadUrl',
    sessionId: 's',
  });
  expect(call('GET', '/api/v2/sessionResults/S/transcript')).toEqual({ endpoint: 'transcript', sessionId: 's' });
  expect(call('GET', '/api/v2/testResults/T/qxScores')).toEqual({ endpoint: 'qxScores', testUuid: 't' });
});

it('knows no other path and no other method', () => {
  for (const path of ['/', '/api/v2/sessionResults/S', '/api/v3/sessionResults/S', '/usertesting/api/v1']) {
    expect(readCall('GET', new URL(path, 'http://sandbox'))).toBeUndefined();
  }
  expect(readCall('POST', new URL('/usertesting/api/v1/workspaces', 'http://sandbox'))).toBeUndefined();
  expect(readCall('GET', new URL('/oauth2/aus1p3vtd8vtm4Bxv0h8/v1/token', 'http://sandbox'))).toBeUndefined();
});

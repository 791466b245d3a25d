import { describe, expect, it } from 'vitest';
import { foreignMedia, isEnoughOfMedia, mediaBytes } from './media.ts';

const media = (probe: 'video' | 'qx' | 'transcript', text: string, whole = true) =>
  foreignMedia(probe, { text, whole });
const page = '<!doctype html><html><title>Sign in</title></html>';
const problem = '{"type":"about:blank","title":"Blocked","status":200,"detail":"no","instance":"/x"}';

describe("a 200 of a media probe is the API's", () => {
  it.each([
    ['video', '{"videoUrl":"https://x/v.mp4"}'],
    ['video', '{"url":"https://x/v.mp4","status":"READY"}'],
    ['video', '\uFEFF\n {"videoUrl":null,"message":"x"}'],
    ['qx', '{"testId":"t","qxScores":[],"meta":{}}'],
    ['transcript', 'WEBVTT'],
    ['transcript', '\uFEFFWEBVTT - a title\n\n00:01.000 --> 00:02.000\nhello'],
    ['transcript', '{"cues":[]}'],
    ['transcript', '[]'],
    ['transcript', '[{"text":"hello"}]'],
  ] as const)('%s with %j', (probe, text) => {
    expect(media(probe, text)).toBeNull();
  });

  it.each([
    ['video', page, 'HTML'],
    ['qx', `\n\n${page}`, 'HTML'],
    ['transcript', page, 'HTML'],
    ['video', '', 'an empty body'],
    ['transcript', '', 'an empty body'],
    ['transcript', '1\n00:00:01,000 --> 00:00:02,000\nhello', 'text'],
    ['video', 'WEBVTT', 'text'],
    ['qx', '[{"score":1}]', 'JSON, but no object'],
    ['video', '"https://x/v.mp4"', 'JSON, but no object'],
    ['video', '{"videoUrl":', 'broken JSON'],
    ['transcript', '[error] no upstream', 'broken JSON'],
    ...(['video', 'qx', 'transcript'] as const).flatMap((probe) =>
      [
        ...['{}', '{"code":"X","message":"no"}', '{"message":"no Route matched with those values"}', problem],
        ...['{"error":{"code":7}}', '{"errors":[]}', '{"errorCode":"E1","errorSummary":"x"}', '{"Message":"x"}'],
        ...['{"status_code":403,"request_id":"1"}', '{"success":false,"msg":"x"}', '{"fault":{"faultstring":"x"}}'],
      ].map((text) => [probe, text, 'a JSON object that holds no data'] as const),
    ),
  ] as const)('but not %s with %j, which is %s', (probe, text, form) => {
    expect(media(probe, text)).toBe(form);
  });

  it.each(
    [
      '{"timestamp":"t","status":500,"error":"e","trace":"java.lang","path":"/x"}',
      '{"Code":"AccessDenied","Message":"m","RequestId":"r","HostId":"h"}',
      '{"errorCode":15,"errorMessage":"m","incidentId":"i","hostName":"h","clientIp":"1.2.3.4"}',
      '{"cloudflare_error":true,"error_code":1020,"ray_id":"r","zone":"z","retry_after":30}',
      '{"captive":true,"user-portal-url":"https://portal"}',
      '{"jsonrpc":"2.0","error":{"code":1},"id":null}',
      '{"errno":7,"errmsg":"x"}',
      '{"err":"x","stack":"y","hint":"z"}',
      '{"status":"error","message":"m","data":null}',
      '{"result":"error","msg":"x"}',
      '{"errors":[{"message":"x"}],"data":{}}',
      '{"response":{"status":403,"reason":"x"}}',
    ].map((text) => [text]),
  )('but not with %s, which a gateway or service gives', (text) => {
    for (const probe of ['video', 'qx', 'transcript'] as const)
      expect(media(probe, text)).toBe('a JSON object that holds no data');
  });

  it('but not with a list of errors in place of a transcript', () => {
    expect(media('transcript', '[{"errorCode":"X","message":"no"}]')).toBe('a JSON list that holds no data');
    expect(media('transcript', '{"data":[{"message":"no"}]}')).toBe('a JSON object that holds no data');
  });

  const cut = (text: string): string => text.slice(0, mediaBytes);
  const long = 'x'.repeat(mediaBytes);

  it.each([
    `{"videoUrl":"${long}`,
    `{"message":"ok","meta":{"code":"${long}`,
    `{"status":"{\\"}","sessionId":"${long}`,
    `{"data":{"errors":[],"videoUrl":"${long}`,
  ])('where one of its first keys is for data, however large it is', (text) => {
    expect(media('video', cut(text), false)).toBeNull();
  });

  it.each([`{"message":"${long}`, `{"error":"e","trace":"at \\"videoUrl\\": ${long}`, `{"fault":{"videoUrl":"${long}`])(
    'but not where its first keys are those of a large error',
    (text) => {
      expect(media('video', cut(text), false)).toBe('a JSON object that holds no data');
    },
  );

  it('when it is a large list of a transcript', () => {
    expect(media('transcript', cut(`[{"message":"${long}`), false)).toBeNull();
  });
});

describe('how much of the body of a media answer is read', () => {
  it.each(['WEBVTT', '\uFEFFWEBVTT', '<', ' \n<', 'x', 'WEBX', '1', '{"videoUrl":"x"}', '[]', '"'])(
    '%j is enough',
    (text) => {
      expect(isEnoughOfMedia(text)).toBe(true);
    },
  );

  it.each(['', '\uFEFF', ' \n', 'W', 'WEBVT', '{', '{"videoUrl":"x"', '[{}'])('%j is not', (text) => {
    expect(isEnoughOfMedia(text)).toBe(false);
  });
});

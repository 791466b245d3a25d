import { describe, expect, it } from 'vitest';
import { foreignMedia, foreignNotFound, mediaBytes, tellsWhose } from './own-words.ts';

const media = (probe: 'video' | 'qx' | 'transcript', text: string, whole = true) =>
  foreignMedia(probe, { text, whole });
const page = '<!doctype html><html><title>Sign in</title></html>';
const problem = '{"type":"about:blank","title":"Blocked","status":200,"detail":"no","instance":"/x"}';

describe("a 404 is the API's", () => {
  it.each(['{}', '{"code":"NOT_FOUND","message":"x"}', '\uFEFF {"errorCode":"X"}\n', '{"anything":[1]}'])(
    'with %j as its body',
    (text) => {
      expect(foreignNotFound({ text, whole: true })).toBeNull();
    },
  );

  it.each([
    ['', 'an empty body'],
    [' \n', 'an empty body'],
    [page, 'HTML'],
    ['<?xml version="1.0"?><Error/>', 'XML'],
    ['404 page not found', 'text'],
    ['{"code":', 'text'],
    ['[]', 'JSON, but no object'],
    ['"not found"', 'JSON, but no object'],
    ['null', 'JSON, but no object'],
    ['404', 'JSON, but no object'],
  ])('but not with %j, which is %s', (text, form) => {
    expect(foreignNotFound({ text, whole: true })).toBe(form);
  });

  it('but not with a body that is too large to be read', () => {
    expect(foreignNotFound({ text: '{"a":"', whole: false })).toBe('more than 65536 bytes');
  });
});

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

  it('when it is a JSON object that is larger than an error', () => {
    expect(media('video', `{"message":"${'x'.repeat(mediaBytes)}`.slice(0, mediaBytes), false)).toBeNull();
  });
});

describe('how much of the body of a media answer is read', () => {
  it.each(['WEBVTT', '\uFEFFWEBVTT', '<', ' \n<', 'x', 'WEBX', '1', '{"videoUrl":"x"}', '[]', '"'])(
    '%j is enough',
    (text) => {
      expect(tellsWhose(text)).toBe(true);
    },
  );

  it.each(['', '\uFEFF', ' \n', 'W', 'WEBVT', '{', '{"videoUrl":"x"', '[{}'])('%j is not', (text) => {
    expect(tellsWhose(text)).toBe(false);
  });
});

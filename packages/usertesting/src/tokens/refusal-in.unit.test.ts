import { describe, expect, it } from 'vitest';
import { refusalIn } from './refusal-in.ts';

describe('whether the token endpoint refuses the credentials', () => {
  it.each([
    [401, '{"error":"invalid_client","error_description":"…"}', 'invalid_client'],
    [400, '{"error":"invalid_scope"}', 'invalid_scope'],
    [500, '{"error":"unauthorized_client"}', 'unauthorized_client'],
    [401, '{"errorCode":"invalid_client","errorSummary":"…"}', 'invalid_client'],
    [403, '{"errorCode":"E0000006"}', 'E0000006'],
    [400, 'not JSON', 'refused'],
    [401, '{"error":{"a":1}}', 'refused'],
    [403, '{"error":"a long sentence that may hold anything"}', 'refused'],
  ])('%i with %s does, as %s', (status, text, refusal) => {
    expect(refusalIn(status, text)).toBe(refusal);
  });

  it.each([
    [500, '{"error":"server_error"}'],
    [429, '{"errorCode":"E0000047"}'],
    [503, ''],
    [404, '<html>'],
  ])('%i with %s does not', (status, text) => {
    expect(refusalIn(status, text)).toBeNull();
  });
});

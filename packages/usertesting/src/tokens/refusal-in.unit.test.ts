import { describe, expect, it } from 'vitest';
import { refusalIn } from './refusal-in.ts';

describe('whether the token endpoint refuses the credentials', () => {
  it.each([
    [401, '{"error":"invalid_client","error_description":"…"}', 'invalid_client'],
    [400, '{"error":"invalid_scope"}', 'invalid_scope'],
    [400, '{"error":"unsupported_grant_type"}', 'unsupported_grant_type'],
    [500, '{"error":"unauthorized_client"}', 'unauthorized_client'],
    [401, '{"errorCode":"invalid_client","errorSummary":"…"}', 'invalid_client'],
    [403, '{"errorCode":"E0000006"}', 'E0000006'],
  ])('%i with %s does, as %s', (status, text, refusal) => {
    expect(refusalIn(status, text)).toBe(refusal);
  });

  it.each([
    [500, '{"error":"server_error"}'],
    [400, '{"error":"temporarily_unavailable"}'],
    [429, '{"errorCode":"E0000047"}'],
    [429, '{"error":"invalid_request"}'],
    [425, '{"error":"invalid_client"}'],
    [503, ''],
    [404, '<html>'],
    [403, '<html><title>Request blocked</title></html>'],
    [401, ''],
    [400, 'not JSON'],
    [401, '{"error":{"a":1}}'],
    [403, '{"error":"Forbidden","status":403,"path":"/token"}'],
    [403, '{"message":"Forbidden"}'],
    [403, '{"errorCode":"a long sentence that may hold anything"}'],
    [403, 'null'],
  ])('%i with %s does not', (status, text) => {
    expect(refusalIn(status, text)).toBeNull();
  });
});

import { expect, it } from 'vitest';
import { DEFAULT_LIMITER } from './limiter/sliding-window.ts';
import { startupText } from './startup-text.ts';

it('names the address and gives the settings ready to paste into a shell', () => {
  const text = startupText({
    url: 'http://127.0.0.1:4010',
    tokenUrl: 'http://127.0.0.1:4010/token',
    clientId: 'me',
    clientSecret: "it's secret",
    tests: 3,
    workspaces: 1,
    limiter: DEFAULT_LIMITER,
  });
  expect(
    text,
  ).toBe(`Sandbox listening on http://127.0.0.1:4010 (tests: 3, workspaces: 1, Results API: 10 requests per 60000 ms)
export API_BASE_URL=http://127.0.0.1:4010
export TOKEN_URL=http://127.0.0.1:4010/token
export CLIENT_ID=me
export CLIENT_SECRET='it'\\''s secret'
`);
});

import type { LimiterSettings } from './limiter/sliding-window.ts';

/** What the start message tells about a sandbox. */
export interface StartedSandbox {
  readonly url: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tests: number;
  readonly workspaces: number;
  readonly limiter: LimiterSettings;
}

/** The message of a sandbox that is listening: its address, and the settings to paste into a shell. */
export function startupText(sandbox: StartedSandbox): string {
  const { url, tokenUrl, clientId, clientSecret, tests, workspaces, limiter } = sandbox;
  const pace = limiter.limit === 0 ? 'no limit' : `${limiter.limit} requests per ${limiter.windowMs} ms`;
  const settings = { API_BASE_URL: url, TOKEN_URL: tokenUrl, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret };
  return [
    `Sandbox listening on ${url} (tests: ${tests}, workspaces: ${workspaces}, Results API: ${pace})`,
    ...Object.entries(settings).map(([name, value]) => `export ${name}=${shellWord(value)}`),
    '',
  ].join('\n');
}

function shellWord(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

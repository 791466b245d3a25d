import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type RunningBoard, startBoard } from '@inventory/board';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { it as base, expect, onTestFinished } from 'vitest';
import { openTestAccount, type TestAccount, type TestAccountOptions } from './open-test-account.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const noChromium = 'there is no Chromium: apt-get install chromium, or name one with CHROMIUM_PATH';

/** The Chromium of this machine: `CHROMIUM_PATH`, or the first one on PATH; null when there is none. */
function findChromium(): string | null {
  const { env } = process;
  const given = env['CHROMIUM_PATH'];
  if (given !== undefined && given !== '') return given;
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A simulated account with a board that shows it. */
export interface ShownAccount extends TestAccount {
  readonly board: RunningBoard;
  /** Starts the board again at the same address. */
  restartBoard(): Promise<void>;
}

interface LookOptions extends BrowserContextOptions {
  /** What follows the board's address; `/` unless said otherwise. */
  readonly path?: string;
}

interface Fixtures {
  /** Null where the machine has none: then tests are skipped, in CI they fail. */
  readonly browser: Browser | null;
  /**
   * Opens the board's page as a new visitor. In the end the test fails if the page has written an error to the
   * console or has asked another origin for anything.
   */
  readonly look: (board: Pick<RunningBoard, 'url'>, options?: LookOptions) => Promise<Page>;
  /** Errors on the console that the test brings about itself. */
  readonly expectedErrors: RegExp[];
}

const patienceMs = 15_000;

/** Tests in a real browser, one browser a file. */
export const boardTest = base.extend<Fixtures>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest asks for a pattern
    async ({}, use) => {
      const executablePath = findChromium();
      if (executablePath === null && process.env['CI'] !== undefined) throw new Error(noChromium);
      const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      const browser = executablePath === null ? null : await chromium.launch({ executablePath, args });
      await use(browser);
      await browser?.close();
    },
    { scope: 'file' },
  ],
  expectedErrors: async ({ task: _ }, use) => use([]),
  look: async ({ browser, expectedErrors, skip }, use) => {
    if (browser === null) return skip(noChromium);
    const complaints: string[] = [];
    const endings: (() => Promise<void>)[] = [];
    await use(async ({ url }, { path = '/', ...options } = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      endings.push(() => context.close());
      const page = await context.newPage();
      page.setDefaultTimeout(patienceMs);
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      context.on('request', (request) => {
        if (new URL(request.url()).origin !== url) complaints.push(`asked ${request.url()}`);
      });
      await page.goto(url + path);
      return page;
    });
    for (const end of endings) await end();
    expect(complaints.filter((text) => !expectedErrors.some((expected) => expected.test(text)))).toEqual([]);
  },
});

interface ShowOptions extends TestAccountOptions {
  /** What is done before the board starts. */
  readonly fill?: (account: TestAccount) => Promise<void>;
  /** Who closes all of it; after the test unless said otherwise. */
  readonly closing?: (close: () => Promise<void>) => void;
}

/** Opens an account and its board, which looks for news ten times a second. */
export async function showAccount({
  fill,
  closing = onTestFinished,
  ...options
}: ShowOptions = {}): Promise<ShownAccount> {
  const account = await openTestAccount({ ...options, env: { BOARD_PORT: '0', ...options.env } });
  closing(async () => account[Symbol.asyncDispose]());
  await fill?.(account);
  const start = (port?: number) =>
    startBoard({
      runtime:
        port === undefined
          ? account.runtime
          : { ...account.runtime, settings: { ...account.runtime.settings, boardPort: port } },
      lookEveryMs: 100,
    });
  let board = await start();
  account.use(() => board.stop());
  return {
    ...account,
    get board() {
      return board;
    },
    async restartBoard() {
      board = await start(Number(new URL(board.url).port));
    },
  };
}

import type { LoadedSettings } from '@inventory/config';
import { type Logger, printable } from '@inventory/logger';
import { openHttpClient } from '@inventory/usertesting';
import { type NotifiedEvent, testEvent } from './event.ts';
import { messageFor } from './message.ts';

export interface SenderOptions {
  readonly settings: Pick<LoadedSettings, 'notifyUrl' | 'notifySecret' | 'notifyProxy'>;
  readonly logger: Logger;
  /** Tries after the first one; 3. */
  readonly retries?: number;
}

/** What the server at NOTIFY_URL said: its status and the start of its answer. */
export interface Delivered {
  readonly host: string;
  readonly status: number;
  readonly answer: string;
}

/** A notification did not arrive. Its message has the host, but nothing else of the address, which is a secret. */
class NotDeliveredError extends Error {
  override readonly name = 'NotDeliveredError';
}

const tryMs = 10_000;
const shownOfAnswer = 100;
const mayPass = ({ status }: { readonly status: number }): boolean => [408, 425, 429].includes(status) || status >= 500;

/**
 * Sends a test notification, without tries that take long.
 * @throws NotDeliveredError
 */
export async function sendTest(options: SenderOptions & { readonly account: string }): Promise<Delivered> {
  const sender = new Sender({ ...options, retries: 1 });
  try {
    return await sender.send(testEvent(options.account, Date.now()));
  } finally {
    sender.close();
  }
}

/** Sends events to NOTIFY_URL, each again where it may arrive later: without an answer, and on 408, 425, 429 and 5xx. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #client: ReturnType<typeof openHttpClient>;
  readonly host: string;

  constructor(options: SenderOptions) {
    const { settings, logger, retries = 3 } = options;
    this.#options = options;
    this.host = new URL(settings.notifyUrl).host;
    const retry = { retries, firstDelayMs: 1_000, longestPauseMs: 30_000, logger, where: this.host, mayPass };
    this.#client = openHttpClient({ proxy: settings.notifyProxy, tryMs, maxBytes: 100_000, retry });
  }

  /** @throws NotDeliveredError */
  async send(event: NotifiedEvent): Promise<Delivered> {
    const { notifyUrl: url, notifySecret: secret } = this.#options.settings;
    const { body, headers } = messageFor(event, { url, secret, now: Date.now() });
    const { status, data } = await this.#client.http
      .post<string>(url, body, {
        headers: { ...headers, 'Content-Type': 'application/json' },
        validateStatus: (status) => status >= 200 && status < 300,
      })
      .catch((error: unknown) => {
        throw new NotDeliveredError(this.#reason(error));
      });
    return { host: this.host, status, answer: printable(String(data)).slice(0, shownOfAnswer) };
  }

  close(): void {
    this.#client.close();
  }

  /** Of an error of axios only what holds no part of the address. */
  #reason(error: unknown): string {
    const {
      response,
      code = '',
      message = '',
    } = error as {
      readonly response?: { readonly status: number; readonly data?: unknown };
      readonly code?: string;
      readonly message?: string;
    };
    if (response === undefined)
      return `${this.host} gives no answer (${code === 'ERR_PROXY' ? message : code || 'unknown'}).`;
    const answer = printable(String(response.data ?? '')).slice(0, shownOfAnswer);
    return `${this.host} answers ${response.status}${answer === '' ? '' : ` (${answer})`}.`;
  }
}

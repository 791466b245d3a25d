import type { LoadedSettings } from '@inventory/config';
import { printable, SecretRegistry } from '@inventory/logger';
import { openHttpClient, retryAfterMs } from '@inventory/usertesting';
import { type NotifiedEvent, testEvent } from './event.ts';
import { messageFor } from './message.ts';

type NotifySettings = Pick<LoadedSettings, 'notifyUrl' | 'notifySecret' | 'notifyProxy'>;

/** What the server at NOTIFY_URL said: its status and the start of its answer. */
export interface Delivered {
  readonly host: string;
  readonly status: number;
  readonly answer: string;
}

/** A notification did not arrive. Its message has the host, but nothing else of the address, which is a secret. */
export class NotDeliveredError extends Error {
  override readonly name = 'NotDeliveredError';

  /** For how long the server wants to be left alone, ms; 0 where it does not say. */
  readonly waitMs: number;

  constructor(message: string, waitMs: number) {
    super(message);
    this.waitMs = waitMs;
  }
}

const tryMs = 10_000;
const shownOfAnswer = 100;
const mayPass = ({ status }: { readonly status: number }): boolean => [408, 425, 429].includes(status) || status >= 500;

/**
 * Sends a test notification, without tries that take long.
 * @throws NotDeliveredError
 */
export async function sendTest(settings: NotifySettings, account: string): Promise<Delivered> {
  const sender = new Sender(settings, { retries: 1 });
  try {
    return await sender.send(testEvent(account, Date.now()));
  } finally {
    sender.close();
  }
}

/** What of an error of axios is looked at. */
interface HttpError {
  readonly response?: {
    readonly status: number;
    readonly data?: unknown;
    readonly headers: Readonly<Record<string, unknown>>;
  };
  readonly code?: string;
  readonly message?: string;
}

/** Sends events to NOTIFY_URL, each again where it may arrive later: without an answer, and on 408, 425, 429 and 5xx. */
export class Sender {
  readonly #settings: NotifySettings;
  readonly #client: ReturnType<typeof openHttpClient>;
  /** An answer may repeat the address. */
  readonly #secrets = new SecretRegistry();
  readonly host: string;

  /** @param retries tries after the first one */
  constructor(settings: NotifySettings, { retries = 3 } = {}) {
    this.#settings = settings;
    this.host = new URL(settings.notifyUrl).host;
    this.#secrets.addAddress(settings.notifyUrl);
    const retry = { retries, firstDelayMs: 1_000, longestPauseMs: 30_000, mayPass };
    this.#client = openHttpClient({ proxy: settings.notifyProxy, tryMs, maxBytes: 100_000, retry });
  }

  /** @param signal breaks it off @throws NotDeliveredError */
  async send(event: NotifiedEvent, signal?: AbortSignal): Promise<Delivered> {
    const { notifyUrl: url, notifySecret: secret } = this.#settings;
    const { body, headers } = messageFor(event, { url, secret, now: Date.now() });
    const { status, data } = await this.#client.http
      .post<string>(url, body, {
        headers: { ...headers, 'Content-Type': 'application/json' },
        validateStatus: (status) => status >= 200 && status < 300,
        ...(signal && { signal }),
      })
      .catch((error: HttpError) => {
        throw this.#notDelivered(error);
      });
    return { host: this.host, status, answer: this.#shown(data) };
  }

  close(): void {
    this.#client.close();
  }

  /** Of an error of axios only what holds no part of the address. */
  #notDelivered({ response, code = '', message = '' }: HttpError): NotDeliveredError {
    if (response === undefined) {
      const why = code === 'ERR_PROXY' ? message : code || 'unknown';
      return new NotDeliveredError(`${this.host} gives no answer (${why}).`, 0);
    }
    const answer = this.#shown(response.data ?? '');
    const said = `${this.host} answers ${response.status}${answer === '' ? '' : ` (${answer})`}.`;
    return new NotDeliveredError(said, retryAfterMs(response.headers) ?? 0);
  }

  #shown(answer: unknown): string {
    return printable(this.#secrets.clean(String(answer))).slice(0, shownOfAnswer);
  }
}

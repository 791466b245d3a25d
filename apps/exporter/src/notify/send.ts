import { createHmac } from 'node:crypto';
import type { LoadedSettings } from '@inventory/config';
import { printable, SecretRegistry } from '@inventory/logger';
import { openHttpClient, retryAfterMs } from '@inventory/usertesting';
import { type NotifiedEvent, testEvent } from './event.ts';

/** What is sent to an address: a body in JSON, and headers beside `Content-Type`. */
export interface Message {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Whose form a message has: by the host of the address. */
export type Receiver = 'slack' | 'teams' | 'json';

const slack = /^hooks\.slack(-gov)?\.com$/;
/** Incoming webhooks of Teams and Office 365, and workflows of Power Automate. */
const teams = /^(.+\.webhook\.office\.com|outlook\.office(365)?\.com|.+\.logic\.azure\.com|.+\.powerplatform\.com)$/;

/** Who receives what is sent to an address. */
export function receiverOf(url: string): Receiver {
  const { hostname } = new URL(url);
  if (slack.test(hostname)) return 'slack';
  return teams.test(hostname) ? 'teams' : 'json';
}

export interface MessageOptions {
  readonly url: string;
  /** Signs plain JSON; empty for no signature. */
  readonly secret: string;
  /** The time of the signature, epoch ms. */
  readonly now: number;
}

export function messageFor(event: NotifiedEvent, { url, secret, now }: MessageOptions): Message {
  const receiver = receiverOf(url);
  if (receiver === 'slack') return { body: JSON.stringify(slackText(event)), headers: {} };
  if (receiver === 'teams') return { body: JSON.stringify(teamsCard(event)), headers: {} };
  const body = JSON.stringify(event);
  const seconds = String(Math.floor(now / 1000));
  const headers = { 'webhook-id': event.id, 'webhook-timestamp': seconds };
  if (secret === '') return { body, headers };
  return { body, headers: { ...headers, 'webhook-signature': signatureOf(`${event.id}.${seconds}.${body}`, secret) } };
}

/** The signature of the Standard Webhooks specification. A secret that begins with `whsec_` is Base64. */
function signatureOf(content: string, secret: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}

function headOf({ account, title }: NotifiedEvent): string {
  return `${account}: ${title}`;
}

/** Teams takes 28 KB, Slack 40,000 characters. */
const mostBytes = 20_000;

/** As many lines as a chat takes. */
function shownLines({ lines }: NotifiedEvent): readonly string[] {
  let bytes = 0;
  const shown = lines.filter((line) => {
    // With what a card puts around each.
    bytes += Buffer.byteLength(JSON.stringify(line)) + 80;
    return bytes <= mostBytes;
  });
  return shown.length === lines.length ? lines : [...shown, '…'];
}

/** Without formatting; `&`, `<` and `>` are written as Slack wants them, so that a title mentions nobody. */
function slackText(event: NotifiedEvent): object {
  const text = [headOf(event), ...shownLines(event)].join('\n');
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return { text: escaped, mrkdwn: false };
}

/** An Adaptive Card of text runs, which are not read as Markdown. */
function teamsCard(event: NotifiedEvent): object {
  const block = (text: string, more: object = {}) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text, ...more }],
  });
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [block(headOf(event), { weight: 'Bolder' }), ...shownLines(event).map((line) => block(line))],
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

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

import { createHmac } from 'node:crypto';
import type { NotifiedEvent } from './event.ts';

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

import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { NotifiedEvent } from './event.ts';
import { messageFor, receiverOf } from './send.ts';

const event: NotifiedEvent = {
  id: 'run_ended:1:2',
  event: 'run_ended',
  at: '2026-03-03T02:00:00.000Z',
  account: 'Acme',
  title: 'A run has ended: 2 tests',
  lines: ['What changed:', '  <!channel> & [a](http://b) (u): survey'],
};
const options = { url: 'https://example.com/hook', secret: '', now: 1_614_265_330_999 };
const bodyFor = (url: string) => JSON.parse(messageFor(event, { ...options, url }).body);

describe('the receiver', () => {
  it.each([
    ['https://hooks.slack.com/services/T/B/x', 'slack'],
    ['https://acme.webhook.office.com/webhookb2/x', 'teams'],
    ['https://prod-1.westeurope.logic.azure.com:443/workflows/x', 'teams'],
    ['https://default1.environment.api.powerplatform.com/powerautomate/x', 'teams'],
    ['https://hooks.slack.com.example.org/x', 'json'],
    ['http://127.0.0.1:9000/', 'json'],
  ])('of %s is %s', (url, receiver) => {
    expect(receiverOf(url)).toBe(receiver);
  });
});

describe('the message', () => {
  it('for Slack mentions nobody, whatever a title says', () => {
    expect(bodyFor('https://hooks.slack.com/services/x')).toEqual({
      text: 'Acme: A run has ended: 2 tests\nWhat changed:\n  &lt;!channel&gt; &amp; [a](http://b) (u): survey',
      mrkdwn: false,
    });
  });

  it('for Teams is an Adaptive Card whose text is not read as Markdown', () => {
    const { type, attachments } = bodyFor('https://acme.webhook.office.com/x');
    expect([type, attachments[0].contentType]).toEqual(['message', 'application/vnd.microsoft.card.adaptive']);
    expect(attachments[0].content).toMatchObject({
      type: 'AdaptiveCard',
      body: [
        { type: 'RichTextBlock', inlines: [{ text: 'Acme: A run has ended: 2 tests', weight: 'Bolder' }] },
        { inlines: [{ text: 'What changed:' }] },
        { inlines: [{ type: 'TextRun', text: '  <!channel> & [a](http://b) (u): survey' }] },
      ],
    });
  });

  it('for a chat is no longer than it takes, whatever titles there are', () => {
    const long = { ...event, lines: Array.from({ length: 60 }, () => '漢'.repeat(300)) };
    for (const url of ['https://hooks.slack.com/services/x', 'https://acme.webhook.office.com/x']) {
      const { body } = messageFor(long, { ...options, url });
      expect([Buffer.byteLength(body) < 28_000, body.includes('…')]).toEqual([true, true]);
    }
    expect(JSON.parse(messageFor(long, options).body).lines).toHaveLength(60);
  });

  it('for others is the event in JSON with its id, signed as the Standard Webhooks specification says', () => {
    const unsigned = messageFor(event, options);
    expect(JSON.parse(unsigned.body)).toEqual(event);
    expect(unsigned.headers).toEqual({ 'webhook-id': 'run_ended:1:2', 'webhook-timestamp': '1614265330' });
    const content = `run_ended:1:2.1614265330.${unsigned.body}`;
    for (const [secret, key] of [
      ['plain words', Buffer.from('plain words')],
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')],
    ] as const) {
      const { headers } = messageFor(event, { ...options, secret });
      const expected = createHmac('sha256', key).update(content).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${expected}`);
    }
  });
});

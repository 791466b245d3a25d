import type { ErrorRecord } from '@inventory/checkpoints';
import { WorkCounts } from '@inventory/metrics';
import type { Activation } from '@inventory/queue';
import type { Fault, TestKind } from '@inventory/sandbox';
import { createResultsClient } from '@inventory/usertesting';
import { vi } from 'vitest';
import { allErrors } from '../../../test/support/checkpoints.ts';
import { openTestAccount, type TestAccount, type TestAccountOptions } from '../../../test/support/open-test-account.ts';
import { guardedActivation } from './activate.ts';
import type { ActivationContext } from './context.ts';

/** One open test in an account of its own, a limit that stands, and what an activation needs. */
export interface ActivationBench extends TestAccount {
  readonly context: ActivationContext;
  readonly prefix: string;
  /** The test. */
  readonly uuid: string;
  /** Does one activation of the test that has just been granted. */
  activation(changed?: Partial<ActivationContext>): Promise<Activation>;
  /** Activates until the test has its outcome. @returns the number of activations */
  untilTheEnd(): Promise<number>;
  fault(given: Fault): string;
  /** How many requests have been sent to the Results API. */
  sent(): number;
  errorOf(): Promise<ErrorRecord | undefined>;
  verdictOf(): Promise<string | undefined>;
  triesOf(step: string): Promise<number>;
  /** How long nobody is granted a start, ms. */
  limiterLeft(): Promise<number>;
}

export async function activationBench(
  kind: TestKind = 'survey',
  options: TestAccountOptions = {},
): Promise<ActivationBench> {
  const library = { workspaces: [{ name: 'W' }], tests: [{ kind }] };
  const opened = await openTestAccount({ ...options, sandbox: { library, rateHeaders: false, ...options.sandbox } });
  const { runtime, account, sandbox } = opened;
  const { settings, checkpoints, logger, secrets, client } = runtime;
  const results = createResultsClient({ baseUrl: sandbox.url, requestTimeoutMs: settings.requestTimeoutMs });
  opened.use(async () => results.close());
  await opened.produceAll();
  await client.del(`${settings.queuePrefix}:classify:limiter`);
  sandbox.resetRequests();
  const uuid = [...sandbox.library.tests()][0]?.uuid ?? '';
  const context: ActivationContext = {
    checkpoint: checkpoints.test,
    controls: checkpoints.controls,
    pace: account.pace,
    tokens: account.tokens,
    results,
    counts: new WorkCounts(runtime.keyspace, logger),
    logger,
    secrets,
    stepRetries: settings.stepRetries,
    requestTimeoutMs: settings.requestTimeoutMs,
    provisionalMs: settings.provisionalHours * 3_600_000,
    refusalLimitMs: 3_600_000,
    holdForAuth: () => account.queue.hold('auth'),
    enqueue: (uuids) => account.queue.enqueue(uuids.map((each) => ({ uuid: each, why: 'new' }))),
    giveUp: vi.fn(),
  };
  const activation = (changed: Partial<ActivationContext> = {}) =>
    guardedActivation({ ...context, ...changed }, uuid, Date.now());
  return {
    ...opened,
    context,
    prefix: settings.queuePrefix,
    uuid,
    activation,
    async untilTheEnd() {
      for (let count = 1; count <= 20; count += 1)
        if (['finish', 'drop'].includes((await activation()).next)) return count;
      throw new Error('no end after 20 activations');
    },
    fault: (given) => sandbox.faults.add(given),
    sent: () => Object.values(opened.requests()).reduce((sum, count) => sum + count, 0),
    errorOf: async () => Object.fromEntries(await allErrors(checkpoints))[uuid],
    verdictOf: async () => (await checkpoints.inventory.records([uuid]))[0]?.verdict?.category,
    triesOf: async (step) => (await checkpoints.test.load(uuid)).triesOf(step).tries,
    limiterLeft: () => client.pttl(`${settings.queuePrefix}:classify:limiter`),
  };
}

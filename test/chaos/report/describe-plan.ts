import type { Act, Plan } from '../plan/plan.ts';

/** An act in a few words. */
export function describeAct(act: Act): string {
  switch (act.kind) {
    case 'signal':
      return `${act.signal}${act.twice ? ' twice' : ''} to ${act.role} #${act.which}`;
    case 'redis':
      return `kill -9 of Redis, ${act.downMs} ms down`;
    case 'cut':
      return `cut to ${act.line}${act.refuseMs > 0 ? `, refused for ${act.refuseMs} ms` : ''}`;
    case 'fault':
      return `fault ${JSON.stringify(act.fault)}`;
    case 'limit':
      return `429 (${act.form}) from ${act.endpoint}, ${act.count} times`;
    case 'revoke':
      return 'all tokens revoked';
    case 'token-down':
      return `token endpoint answers ${act.status} for ${act.forMs} ms, all tokens revoked`;
    case 'join':
      return `one more ${act.role} joins`;
    case 'proxy':
      return `proxy ${act.status === null ? 'breaks its tunnels' : `refuses tunnels (${act.status}) for ${act.forMs} ms`}`;
    case 'gateway':
      return `gateway answers ${act.answer} in place of ${act.endpoint} for ${act.forMs} ms`;
    case 'forgetful':
      return 'gateway answers 404 in JSON until the queue is held';
    case 'outage':
      return `outage (${act.how}) of ${act.endpoint} for ${act.forMs} ms`;
    case 'aof': {
      const again = act.againAfterMs === null ? '' : `, killed again after ${act.againAfterMs} ms`;
      return `kill -9 of Redis, ${act.cutBytes} bytes of its file lost, ${act.downMs} ms down${again}`;
    }
    case 'lost-key':
      return `key ${act.key} deleted (#${act.which})`;
    case 'redis-clock':
      return `Redis' clock set by ${act.byMs} ms`;
  }
}

/** The kinds of things that a plan lets happen, by name. */
export function kindsOf({ events, proxied, clocks, permanent }: Plan): ReadonlySet<string> {
  return new Set([
    ...events.map(({ act }) => act.kind),
    ...(proxied ? ['behind a proxy'] : []),
    ...(clocks ? ['process clocks'] : []),
    ...(clocks && clocks.serverShiftMs !== 0 ? ["the API's clock"] : []),
    ...(permanent.length > 0 ? ['permanent faults'] : []),
  ]);
}

/** A plan for people, a line each thing. */
export function describePlan(plan: Plan): string[] {
  const { library, settings, sandbox, cast, events, permanent, clocks } = plan;
  return [
    `library: ${JSON.stringify(library)}${plan.emptyWorkspace ? ' and an empty workspace' : ''}`,
    `sandbox: ${JSON.stringify(sandbox)}`,
    `settings: ${Object.entries(settings)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}${plan.envFile ? ' with ENV_FILE' : ''}`,
    `processes: ${cast.join(', ')}; in the end start --all ${plan.aloneInTheEnd ? 'alone' : 'beside them'}`,
    ...(plan.proxied ? ['by HTTPS through a proxy'] : []),
    ...(clocks ? [`clocks: ${JSON.stringify(clocks)}`] : []),
    ...permanent.map(({ testUuid, fault }) => `for good: ${testUuid} ${JSON.stringify(fault)}`),
    ...events.map(({ atRequest, delayMs, act }) => `at request ${atRequest} + ${delayMs} ms: ${describeAct(act)}`),
  ];
}

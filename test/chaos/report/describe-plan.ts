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
  }
}

/** A plan for people, a line each thing. */
export function describePlan(plan: Plan): string[] {
  const { library, settings, sandbox, cast, events, permanent } = plan;
  return [
    `library: ${JSON.stringify(library)}${plan.emptyWorkspace ? ' and an empty workspace' : ''}`,
    `sandbox: ${JSON.stringify(sandbox)}`,
    `settings: ${Object.entries(settings)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}${plan.envFile ? ' with ENV_FILE' : ''}`,
    `processes: ${cast.join(', ')}; in the end start --all ${plan.aloneInTheEnd ? 'alone' : 'beside them'}`,
    ...permanent.map(({ testUuid, fault }) => `for good: ${testUuid} ${JSON.stringify(fault)}`),
    ...events.map(({ atRequest, delayMs, act }) => `at request ${atRequest} + ${delayMs} ms: ${describeAct(act)}`),
  ];
}

import type { Reconciled } from '@inventory/checkpoints';
import type { LoadedSettings } from '@inventory/config';
import { commandLine, messageOf } from '@inventory/logger';
import { type PaceStatus, readPaceStatus } from '@inventory/queue';
import { tryWork } from '@inventory/redis';
import { exitCode, openRuntime, type Runtime } from '@inventory/runtime';
import { circuitNext, circuitTrouble } from '@inventory/status';
import { countOf } from '@inventory/status/words';
import { circuitAdvice } from '../pace-words.ts';
import { type Finding, fail, pass, warn } from './doctor-report.ts';

type Health = Awaited<ReturnType<Runtime['redis']['health']>>;

const tutorialInterval = 6_000;
const realApi = /(^|\.)usertesting\.com$/;

/** Opens Redis as every process does, and checks Redis, the checkpoints and the pace. */
export async function checkQueue(settings: LoadedSettings): Promise<Finding[]> {
  try {
    // The findings say what Redis warns of at a start.
    await using runtime = await openRuntime({ settings: { ...settings, logLevel: 'error' }, name: 'doctor' });
    const { redis, client, keyspace, checkpoints } = runtime;
    await tryWork({ client, key: keyspace.key('doctor') }).catch((error: unknown) => {
      throw redis.explain(error);
    });
    const [health, pace, found] = await Promise.all([
      redis.health(client),
      readPaceStatus(keyspace),
      checkpoints.reconcile({ when: 'doctor', classifyBy: settings.classifyBy }),
    ]);
    return [
      ...redisFindings(health, redis.describe()),
      checkpointsFinding(found),
      ...paceFindings(pace, settings.requestIntervalMs, settings.apiBaseUrl),
    ];
  } catch (error) {
    const code = error instanceof Error && error.name === 'RedisUrlError' ? exitCode.usage : exitCode.partial;
    return [fail('Redis', messageOf(error), code)];
  }
}

const persistence: Readonly<Record<Health['persistence'], Finding>> = {
  'append-only': pass('Redis', 'keeps every write on disk (append-only)'),
  snapshots: warn('Redis', 'keeps snapshots only: a crash loses the minutes since the last one; set appendonly yes'),
  none: warn('Redis', 'keeps nothing on disk: a restart loses queue and checkpoints; set appendonly yes'),
  unknown: warn('Redis', 'does not show this user whether it keeps data on disk; make sure appendonly is yes'),
};

/** What Redis says about itself. @param where its address, without a password */
export function redisFindings({ version, persistence: kind, evictionPolicy }: Health, where: string): Finding[] {
  return [
    pass('Redis', `${where} answers, version ${version || 'unknown'}`),
    persistence[kind],
    evictionFinding(evictionPolicy),
  ];
}

function evictionFinding(policy: Health['evictionPolicy']): Finding {
  if (policy === 'noeviction') return pass('Redis', 'never evicts keys (noeviction)');
  if (policy === '') return warn('Redis', 'does not show its maxmemory-policy; make sure it is noeviction');
  return fail('Redis', `may evict the queue when memory runs short (${policy}): set maxmemory-policy noeviction`);
}

function checkpointsFinding({ runs, totals, lostVerdicts, unlisted }: Reconciled): Finding {
  const wrong = [
    ...(runs > 0 ? [`${countOf(runs, 'run')} whose open tests do not match`] : []),
    ...(totals ? ['totals that do not match the tests'] : []),
    ...(lostVerdicts > 0 ? [`${countOf(lostVerdicts, 'verdict')} lost`] : []),
    ...(unlisted > 0 ? [`${countOf(unlisted, 'test')} without a listing`] : []),
  ];
  if (wrong.length === 0) return pass('Checkpoints', 'consistent');
  const todo = `${commandLine('start')} repairs this`;
  return fail('Checkpoints', `inconsistent, Redis has lost data: ${wrong.join(', ')}; ${todo}`);
}

/** Whether the configured interval suits the API and the processes on this queue. @param intervalMs ours */
export function paceFindings(
  { processes, held, circuit, now }: PaceStatus,
  intervalMs: number,
  apiBaseUrl: string,
): Finding[] {
  const others = [...new Set(processes.map((other) => other.intervalMs).filter((other) => other !== intervalMs))];
  const findings: Finding[] = [];
  const check = 'Pace';
  if (intervalMs < tutorialInterval && realApi.test(new URL(apiBaseUrl).hostname)) {
    const message = `REQUEST_INTERVAL_MS is ${intervalMs}, but the API allows 10 requests a minute: set 6050`;
    findings.push(warn(check, message));
  }
  if (others.length > 0) {
    const longest = Math.max(intervalMs, ...others);
    const values = `${intervalMs} here and ${others.join(', ')} elsewhere`;
    findings.push(warn(check, `REQUEST_INTERVAL_MS is ${values}: ${longest} applies; set one value`));
  }
  if (held !== null) {
    const todo = `${commandLine('start')} with a working token releases it`;
    findings.push(fail(check, `the queue is held (${held}): ${todo}`));
  }
  if (circuit !== null) {
    const message = `${circuitTrouble(circuit, now)}; ${circuitNext(circuit.nextProbeAt, now)}; ${circuitAdvice(circuit)}`;
    findings.push((circuit.cause === 'outage' ? warn : fail)(check, message));
  }
  const fine = `one request per ${intervalMs / 1000} s, for all processes together`;
  return findings.length > 0 ? findings : [pass(check, fine)];
}

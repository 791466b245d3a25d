import type { Reconciled } from '@inventory/checkpoints';
import type { LoadedSettings } from '@inventory/config';
import { commandLine, messageOf } from '@inventory/logger';
import { type PaceStatus, readPaceStatus } from '@inventory/queue';
import { tryWork } from '@inventory/redis';
import { exitCode, openRuntime, type Runtime } from '@inventory/runtime';
import { circuitNext, circuitTrouble } from '@inventory/status';
import { countOf } from '@inventory/status/words';
import { circuitAdvice } from '../pace-words.ts';
import type { Finding } from './doctor-report.ts';

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
    return [{ level: 'FAIL', check: 'Redis', message: messageOf(error), code }];
  }
}

const persistence: Readonly<Record<Health['persistence'], Pick<Finding, 'level' | 'message'>>> = {
  'append-only': { level: 'PASS', message: 'keeps every write on disk (append-only)' },
  snapshots: {
    level: 'WARN',
    message: 'keeps snapshots only: a crash loses the minutes since the last one; set appendonly yes',
  },
  none: { level: 'WARN', message: 'keeps nothing on disk: a restart loses queue and checkpoints; set appendonly yes' },
  unknown: {
    level: 'WARN',
    message: 'does not show this user whether it keeps data on disk; make sure appendonly is yes',
  },
};

/** What Redis says about itself. @param where its address, without a password */
export function redisFindings({ version, persistence: kind, evictionPolicy }: Health, where: string): Finding[] {
  const eviction: Pick<Finding, 'level' | 'message'> =
    evictionPolicy === 'noeviction'
      ? { level: 'PASS', message: 'never evicts keys (noeviction)' }
      : evictionPolicy === ''
        ? { level: 'WARN', message: 'does not show its maxmemory-policy; make sure it is noeviction' }
        : {
            level: 'FAIL',
            message: `may evict the queue when memory runs short (${evictionPolicy}): set maxmemory-policy noeviction`,
          };
  const answers: Pick<Finding, 'level' | 'message'> = {
    level: 'PASS',
    message: `${where} answers, version ${version || 'unknown'}`,
  };
  return [answers, persistence[kind], eviction].map((finding) => ({ ...finding, check: 'Redis' }));
}

/** Whether the checkpoints are consistent; if not, Redis has lost a part of them. */
function checkpointsFinding({ runs, totals, lostVerdicts, unlisted }: Reconciled): Finding {
  const wrong = [
    ...(runs > 0 ? [`${countOf(runs, 'run')} whose open tests do not match`] : []),
    ...(totals ? ['totals that do not match the tests'] : []),
    ...(lostVerdicts > 0 ? [`${countOf(lostVerdicts, 'verdict')} lost`] : []),
    ...(unlisted > 0 ? [`${countOf(unlisted, 'test')} without a listing`] : []),
  ];
  if (wrong.length === 0) return { level: 'PASS', check: 'Checkpoints', message: 'consistent' };
  return {
    level: 'FAIL',
    check: 'Checkpoints',
    message: `inconsistent, Redis has lost data: ${wrong.join(', ')}; ${commandLine('start')} repairs this`,
  };
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
  const warn = (message: string): void => void findings.push({ level: 'WARN', check, message });
  if (intervalMs < tutorialInterval && realApi.test(new URL(apiBaseUrl).hostname)) {
    warn(`REQUEST_INTERVAL_MS is ${intervalMs}, but the API allows 10 requests a minute: set 6050`);
  }
  if (others.length > 0) {
    const longest = Math.max(intervalMs, ...others);
    warn(
      `REQUEST_INTERVAL_MS is ${intervalMs} here and ${others.join(', ')} elsewhere: ${longest} applies; set one value`,
    );
  }
  if (held !== null) {
    findings.push({
      level: 'FAIL',
      check,
      message: `the queue is held (${held}): ${commandLine('start')} with a working token releases it`,
    });
  }
  if (circuit !== null) {
    const message = `${circuitTrouble(circuit, now)}; ${circuitNext(circuit.nextProbeAt, now)}; ${circuitAdvice(circuit)}`;
    findings.push({ level: circuit.cause === 'outage' ? 'WARN' : 'FAIL', check, message });
  }
  const fine = `one request per ${intervalMs / 1000} s, for all processes together`;
  return findings.length > 0 ? findings : [{ level: 'PASS', check, message: fine }];
}

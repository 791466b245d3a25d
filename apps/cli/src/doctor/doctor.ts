import { type ExitCode, exitCode } from '@inventory/runtime';
import type { Answer } from '../answer/answer.ts';
import { checkClock } from './check-clock.ts';
import { checkCredentials } from './check-credentials.ts';
import { checkFolder } from './check-folder.ts';
import { checkQueue } from './check-queue.ts';
import { checkSettings } from './check-settings.ts';
import { checkStateDir } from './check-state-dir.ts';
import type { Finding } from './finding.ts';
import { judgeWay } from './judge-way.ts';

const byWeight = [exitCode.usage, exitCode.authentication, exitCode.partial] as const;

/**
 * Checks everything that a run needs, changing nothing.
 * @param env the environment; that of this process by default
 * @returns code 0 when nothing fails, 2 for wrong settings, 3 for refused credentials, else 1
 */
export async function doctor(env?: Readonly<Record<string, string | undefined>>): Promise<Answer> {
  const findings = await findAll(env);
  return {
    code: codeOf(findings),
    lines: findings.map(({ level, check, message }) => `[${level}] ${check.padEnd(12)} ${message}`),
    json: {
      passed: findings.every(({ level }) => level !== 'FAIL'),
      findings: findings.map(({ level, check, message }) => ({ level, check, message })),
    },
  };
}

async function findAll(env?: Readonly<Record<string, string | undefined>>): Promise<Finding[]> {
  const { settings, credentials, findings } = checkSettings(env);
  if (settings === null) return [...findings];
  const dataDir = await checkFolder('DATA_DIR', settings.dataDir);
  const [clock, account, stateDir, queue] = await Promise.all([
    checkClock(settings),
    credentials ? [checkCredentials(settings)] : [],
    checkStateDir(settings),
    dataDir.level === 'FAIL' && settings.redisUrl === '' ? [] : checkQueue(settings),
  ]);
  return [...findings, ...judgeWay(settings), clock, ...(await Promise.all(account)), ...queue, ...stateDir, dataDir];
}

function codeOf(findings: readonly Finding[]): ExitCode {
  const codes = findings.filter(({ level }) => level === 'FAIL').map(({ code = exitCode.partial }) => code);
  return byWeight.find((code) => codes.includes(code)) ?? exitCode.done;
}

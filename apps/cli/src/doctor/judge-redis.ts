import type { Runtime } from '@inventory/runtime';
import type { Finding } from './finding.ts';

type Health = Awaited<ReturnType<Runtime['redis']['health']>>;

const check = 'Redis';
const persistence: Readonly<Record<Health['persistence'], Pick<Finding, 'level' | 'message'>>> = {
  'append-only': { level: 'PASS', message: 'keeps every write on disk (append-only)' },
  snapshots: {
    level: 'WARN',
    message: 'keeps snapshots only: a crash loses the minutes since the last one; set appendonly yes',
  },
  none: { level: 'WARN', message: 'keeps nothing on disk: a restart loses queue and checkpoints; set appendonly yes' },
  unknown: {
    level: 'WARN',
    message: 'does not tell this user whether it keeps data on disk; see that appendonly is yes',
  },
};

/** What a Redis that answered says about itself. @param where its address, without a password */
export function judgeRedis({ version, persistence: kind, evictionPolicy }: Health, where: string): Finding[] {
  const eviction: Pick<Finding, 'level' | 'message'> =
    evictionPolicy === 'noeviction'
      ? { level: 'PASS', message: 'throws nothing away when memory runs short (noeviction)' }
      : evictionPolicy === ''
        ? { level: 'WARN', message: 'does not tell its maxmemory-policy; see that it is noeviction' }
        : {
            level: 'FAIL',
            message: `may throw the queue away when memory runs short (${evictionPolicy}): set maxmemory-policy noeviction`,
          };
  const answers: Pick<Finding, 'level' | 'message'> = {
    level: 'PASS',
    message: `${where} answers, version ${version || 'unknown'}`,
  };
  return [answers, persistence[kind], eviction].map((finding) => ({ ...finding, check }));
}

import { createHash, randomUUID } from 'node:crypto';
import { manifestName } from '../manifest/manifest-record.ts';
import { allStateFileNames } from '../state-file-names.ts';

/** Who writes temporary files: machine, process id, and when that process started (epoch ms), as ids are used again. */
export interface Writer {
  readonly host: string;
  readonly pid: number;
  readonly startedAt: number;
}

const hour = 3_600_000;
const names = [...allStateFileNames, manifestName].map((name) => name.replace('.', '\\.')).join('|');
const pattern = new RegExp(`^\\.(?:${names})\\.([0-9a-f]{8})-(\\d+)-(\\d+)-[0-9a-f-]{36}\\.tmp$`);

/** A name that no other write uses, and that tells whose it is. */
export function temporaryFileName(name: string, { host, pid, startedAt }: Writer): string {
  return `.${name}.${hostMark(host)}-${pid}-${Math.round(startedAt)}-${randomUUID()}.tmp`;
}

/**
 * Whether a file is one that a write left behind: its process is gone, or it is older than an hour.
 * @param ageMs time since its last change
 * @param isAlive whether a process of this machine lives
 */
export function isLeftBehind(name: string, ageMs: number, self: Writer, isAlive: (pid: number) => boolean): boolean {
  const [, host, pid, startedAt] = pattern.exec(name) ?? [];
  if (host === undefined) return false;
  if (ageMs > hour) return true;
  if (host !== hostMark(self.host)) return false;
  if (Number(pid) === self.pid) return Number(startedAt) !== Math.round(self.startedAt);
  return !isAlive(Number(pid));
}

function hostMark(host: string): string {
  return createHash('sha1').update(host).digest('hex').slice(0, 8);
}

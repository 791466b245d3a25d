import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from '../support/program.ts';

/** Waits until a program has ended. @returns the most memory that it has held (RSS), in MB; on Linux only */
export async function peakMemory({ child, ended }: Program): Promise<number> {
  const over = ended.then(() => true);
  let kilobytes = 0;
  while (!(await Promise.race([over, sleep(50, false)]))) {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    kilobytes = Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? kilobytes);
  }
  const { code, stderr } = await ended;
  if (code !== 0) throw new Error(`it ended with ${code}: ${stderr}`);
  return kilobytes / 1000;
}

import { hostname } from 'node:os';
import type { Writer } from './temporary-file-name.ts';

/** This process, as temporary files name their writers. */
export function thisProcess(): Writer {
  return { host: hostname(), pid: process.pid, startedAt: performance.timeOrigin };
}

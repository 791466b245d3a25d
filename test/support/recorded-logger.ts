import { Writable } from 'node:stream';
import { createLogger, type Logger, SecretRegistry } from '@inventory/logger';

/** A logger whose lines, from `info` on, can be looked at as messages. */
export function recordedLogger(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(JSON.parse(chunk.toString()).msg);
      done();
    },
  });
  return {
    logger: createLogger({ name: 'test', level: 'info', format: 'json', secrets: new SecretRegistry(), sink }),
    lines,
  };
}

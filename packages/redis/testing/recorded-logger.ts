import { Writable } from 'node:stream';
import { createLogger, type Logger, SecretRegistry } from '@inventory/logger';

/** A logger whose lines, from `debug` on, can be looked at as `level message`. */
export function recordedLogger(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      const { level, msg } = JSON.parse(chunk.toString());
      lines.push(`${level} ${msg}`);
      done();
    },
  });
  return {
    logger: createLogger({ name: 'test', level: 'debug', format: 'json', secrets: new SecretRegistry(), sink }),
    lines,
  };
}

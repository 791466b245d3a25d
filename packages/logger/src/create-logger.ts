import { type Logger as PinoLogger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { SecretRegistry } from './secret-registry.ts';

export type Logger = PinoLogger;

export interface LoggerOptions {
  /** Name of the process, on every line. */
  readonly name: string;
  /** A pino level, or `silent`. */
  readonly level: string;
  /** `pretty`, `json`, or empty: pretty on a terminal. */
  readonly format: 'pretty' | 'json' | '';
  /** Takes secrets out of every line, whatever put them there. */
  readonly secrets: SecretRegistry;
  /** Where lines go: stderr, so that stdout stays for results. */
  readonly sink?: NodeJS.WritableStream & { isTTY?: boolean; hasColors?: () => boolean };
}

/** A pino logger to stderr that never writes a registered secret. */
export function createLogger({ name, level, format, secrets, sink = process.stderr }: LoggerOptions): Logger {
  const pretty = format === 'pretty' || (format === '' && sink.isTTY === true);
  const render = pretty
    ? prettyFactory({
        // A terminal says whether it has colours; it looks at NO_COLOR as well.
        colorize: sink.isTTY === true && sink.hasColors?.() === true,
        ignore: 'pid,name',
        translateTime: 'SYS:HH:MM:ss',
        singleLine: true,
      })
    : (line: string) => line;
  const write = (line: string): void => {
    // Cleaned as a value: taken out of the text, a secret of digits would take a part of a number with it.
    sink.write(render(`${JSON.stringify(secrets.cleanValue(JSON.parse(line)))}\n`));
  };
  return pino({ level, base: { name, pid: process.pid } }, { write });
}

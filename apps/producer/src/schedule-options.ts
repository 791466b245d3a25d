import { cronProblem } from '@inventory/queue';
import { UsageError } from '@inventory/runtime';
import { InvalidArgumentError } from 'commander';

/** What the command line says about a schedule. */
export interface ScheduleOptions {
  /** A cron expression. */
  readonly schedule?: string;
  /** IANA name of the time zone that it is meant in. */
  readonly timeZone?: string;
}

const example = 'npm run producer -- --schedule "0 2 * * *" --time-zone Europe/Berlin --all';

/** Reads `--schedule`. @throws InvalidArgumentError that says what is expected */
export function readCron(text: string): string {
  const problem = cronProblem(text);
  if (problem === null) return text;
  throw new InvalidArgumentError(
    `Expected a cron expression: minute, hour, day of the month, month, day of the week (${problem}). Every night at two: ${example}`,
  );
}

/** Reads `--time-zone`. @throws InvalidArgumentError that says what is expected */
export function readTimeZone(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError(`Expected the name of a time zone such as Europe/Berlin or UTC: ${example}`);
  }
}

/** @throws UsageError when the options do not go together */
export function checkScheduleOptions({ schedule, timeZone }: ScheduleOptions): void {
  if (timeZone !== undefined && schedule === undefined) {
    throw new UsageError(`--time-zone is for a schedule: ${example}`);
  }
}

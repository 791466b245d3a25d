import { type ExitCode, exitCode } from '@inventory/runtime';
import type { Answer } from '../command.ts';

/** What one check of `doctor` found. */
export interface Finding {
  readonly level: 'PASS' | 'WARN' | 'FAIL';
  /** What was checked, in a word or two. */
  readonly check: string;
  /** What was found, and what to do about it; no secret. */
  readonly message: string;
  /** For a FAIL: the exit code for it; 1 by default. */
  readonly code?: ExitCode;
}

/** The check found nothing wrong. */
export const pass = (check: string, message: string): Finding => ({ level: 'PASS', check, message });

/** A run works, but something may be better. */
export const warn = (check: string, message: string): Finding => ({ level: 'WARN', check, message });

/** A run does not work. */
export const fail = (check: string, message: string, code: ExitCode = exitCode.partial): Finding => ({
  level: 'FAIL',
  check,
  message,
  code,
});

/** Of several FAILs, the first of these codes counts. */
const precedence = [exitCode.usage, exitCode.authentication, exitCode.partial] as const;

/** The findings as an answer: code 0 when nothing fails, 2 for wrong settings, 3 for refused credentials, else 1. */
export function doctorReport(findings: readonly Finding[]): Answer {
  const failed = findings.filter(({ level }) => level === 'FAIL').map(({ code = exitCode.partial }) => code);
  return {
    code: precedence.find((code) => failed.includes(code)) ?? exitCode.done,
    lines: findings.map(({ level, check, message }) => `[${level}] ${check.padEnd(12)} ${message}`),
    json: {
      passed: failed.length === 0,
      findings: findings.map(({ level, check, message }) => ({ level, check, message })),
    },
  };
}

import { CronExpressionParser } from 'cron-parser';

/**
 * What is wrong with a cron expression, or null: five fields (minute to day of the week), six with seconds in front, or
 * a name such as `@daily`; and there must be such a time at all.
 */
export function cronProblem(pattern: string): string | null {
  const fields = pattern.trim().split(/\s+/);
  const named = fields.length === 1 && pattern.startsWith('@');
  // cron-parser would fill in missing fields: "2" would mean every hour.
  if (!named && fields.length !== 5 && fields.length !== 6) return `it has ${fields.length} of 5 fields`;
  try {
    CronExpressionParser.parse(pattern).next();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

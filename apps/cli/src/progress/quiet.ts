import type { Home } from '@inventory/process';

/** The same without the log's news: where progress shows each finished test, the log need not say so again. */
export function quiet(home: Home): Home {
  return home.settings.logLevel === 'info' ? { ...home, logger: home.logger.child({}, { level: 'warn' }) } : home;
}

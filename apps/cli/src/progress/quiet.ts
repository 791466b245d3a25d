import type { Home } from '@inventory/process';

/**
 * The same without the log's news: where progress shows each finished test, the log need not say so again.
 * @param level the least that is still logged: `error` where the progress says pauses as well
 */
export function quiet(home: Home, level: 'warn' | 'error' = 'warn'): Home {
  const news = ['info', 'warn'].includes(home.settings.logLevel);
  return news ? { ...home, logger: home.logger.child({}, { level }) } : home;
}

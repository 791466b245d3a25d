import type { LoadedSettings } from '@inventory/config';
import { sendTest } from '@inventory/exporter';
import { messageOf } from '@inventory/logger';
import { exitCode } from '@inventory/runtime';
import { type Finding, fail, pass } from './doctor-report.ts';

const check = 'Notify';

/** Sends a test notification, and says what the server answered. */
export async function checkNotify(settings: LoadedSettings): Promise<Finding> {
  const { notifyUrl, accountName, queuePrefix } = settings;
  if (notifyUrl === '') {
    const message = 'NOTIFY_URL is not set: put in an incoming webhook of Slack or Teams, or a server of yours';
    return fail(check, message, exitCode.usage);
  }
  try {
    const { host, status, answer } = await sendTest(settings, accountName || queuePrefix);
    const said = answer === '' ? '' : ` (${answer})`;
    return pass(check, `a test was sent; ${host} answered ${status}${said}`);
  } catch (error) {
    return fail(check, `${messageOf(error)} Check NOTIFY_URL, and that the webhook still exists.`);
  }
}

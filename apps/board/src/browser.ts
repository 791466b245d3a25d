import { spawn } from 'node:child_process';
import { type Desktop, desktopOf } from '@inventory/config';
import { print } from '@inventory/logger';

/**
 * Says where a board is, after these words: `The board is at`. At a terminal it also says over SSH how to reach it.
 * @param url http
 */
export function sayWhere(url: string, words = 'The board is at'): void {
  print(`${words} ${url}\n${process.stdout.isTTY === true ? sshHint(url, desktopOf()) : ''}`);
}

/** How to reach a board that listens on the loopback address, after a login by SSH; else empty. */
export function sshHint(url: string, { sshServer }: Pick<Desktop, 'sshServer'>): string {
  const { hostname, port } = new URL(url);
  if (sshServer === null || !['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return '';
  return `You are logged in by SSH: run ssh -L ${port}:${hostname}:${port} ${sshServer} on your own machine, and open it there.\n`;
}

/** Opens an address in the browser of the user at this terminal, if any. A browser that fails is no trouble: it is printed too. */
export function openBrowser(url: string): void {
  const { opener } = desktopOf();
  if (opener === null || process.stdin.isTTY !== true || process.stdout.isTTY !== true) return;
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

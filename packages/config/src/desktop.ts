/** Where the user of a terminal sits. */
export interface Desktop {
  /** What opens an address in the user's browser; null where there is no screen. */
  readonly opener: 'open' | 'xdg-open' | null;
  /** After a login by SSH, the address of this machine as seen from the user's own; else null. */
  readonly sshServer: string | null;
}

/** Where the user of this process sits, by its environment. A screen that SSH forwards is too slow for a browser. */
export function desktopOf(
  { CI, DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION = '' }: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Desktop {
  const [, , sshServer = null] = SSH_CONNECTION.split(' ');
  if (CI || sshServer !== null) return { opener: null, sshServer };
  if (platform === 'darwin') return { opener: 'open', sshServer };
  return { opener: DISPLAY || WAYLAND_DISPLAY ? 'xdg-open' : null, sshServer };
}

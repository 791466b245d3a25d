/** What options, variables and `.npmrc` files tell npm, as it passes it on to the script that it runs. */
export interface NpmOptions {
  /** The script, such as `forget`. */
  readonly script: string;
  /** Values by name, in lower case without hyphens; `true` for an option without a value, an empty line between several. */
  readonly options: ReadonlyMap<string, string>;
}

/** Null when npm has not started this process. An empty value counts as not given: it is npm's word for `false`. */
export function npmOptions(env: Readonly<Record<string, string | undefined>> = process.env): NpmOptions | null {
  const { npm_lifecycle_event: script } = env;
  if (!script) return null;
  const entries = Object.entries(env).flatMap(([name, value]) => {
    const key = /^npm_config_(.+)$/i.exec(name)?.[1];
    return key === undefined || !value ? [] : [[key.replace(/[_-]/g, '').toLowerCase(), value] as const];
  });
  return { script, options: new Map(entries) };
}

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

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

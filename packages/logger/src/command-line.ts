/** The command that the package installs. */
export const programName = 'usertesting-inventory';

/** Whether the user has started this process by the installed command; else it runs in a clone, by an npm script, or in a browser. */
export function isInstalled(script: string | undefined = globalThis.process?.argv[1]): boolean {
  return /[/\\]usertesting-inventory(\.js)?$/.test(script ?? '');
}

/**
 * A command as this user writes it, for messages and examples: `npm run retry -- UUID` or `usertesting-inventory retry UUID`.
 * @param command such as `retry` @param args its arguments and options
 */
export function commandLine(command: string, args = '', installed: boolean = isInstalled()): string {
  const words = args === '' ? [] : [args];
  if (installed) return [programName, command, ...words].join(' ');
  return [command === 'start' ? 'npm start' : `npm run ${command}`, ...words.map((each) => `-- ${each}`)].join(' ');
}

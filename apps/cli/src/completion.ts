import { programName } from '@inventory/logger';
import { type CommandContext, exitCode } from '@inventory/runtime';
import { Argument, Command } from 'commander';

/** `usertesting-inventory completion`; all commands of its program have to be loaded. */
export function completionCommand({ end }: CommandContext): Command {
  return new Command('completion')
    .description('Prints a script with which a shell completes the commands and options of this program.')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh']))
    .action((shell: string, _, { parent }: Command) => {
      process.stdout.write(completionScript(parent?.commands ?? [], shell));
      end(exitCode.done);
    });
}

/** @param shell zsh understands bash's completions after a line of its own */
export function completionScript(program: readonly Command[], shell: string): string {
  const words = (command: Command): string =>
    command.options
      // An option may have two long names.
      .flatMap(({ short, long }) => [short, long].filter((each) => each?.startsWith('--')))
      .concat('--help')
      .join(' ');
  return [
    ...(shell === 'zsh' ? ['autoload -U +X bashcompinit && bashcompinit'] : []),
    '_usertesting_inventory() {',
    '  local words=',
    `  if [ "$COMP_CWORD" = 1 ]; then words='${program.map((command) => command.name()).join(' ')} --help --version'`,
    `  else case "\${COMP_WORDS[1]}" in`,
    ...program.map((command) => `    ${command.name()}) words='${words(command)}' ;;`),
    '  esac; fi',
    '  COMPREPLY=($(compgen -W "$words" -- "$2"))',
    '}',
    `complete -o default -F _usertesting_inventory ${programName}`,
    '',
  ].join('\n');
}

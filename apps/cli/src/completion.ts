import { programName } from '@inventory/logger';
import { type CommandContext, exitCode } from '@inventory/runtime';
import { Argument, Command, type Option } from 'commander';

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
  // An option may have two long names.
  const names = ({ short, long }: Option): string[] =>
    [short ?? '', long ?? ''].filter((each) => each.startsWith('--'));
  const words = ({ options, registeredArguments }: Command): string =>
    [...options.flatMap(names), '--help', ...registeredArguments.flatMap((each) => each.argChoices ?? [])].join(' ');
  // Words with blanks would need quotes; without a word the shell completes names of files.
  const values = ({ argChoices = [] }: Option): string =>
    argChoices.some((choice) => choice.includes(' ')) ? '' : argChoices.join(' ');
  const valueCases = (command: Command): string[] =>
    command.options
      .filter((option) => !option.isBoolean())
      .flatMap((option) =>
        names(option).map((name) => `    '${command.name()} ${name}') words='${values(option)}' ;;`),
      );
  return [
    ...(shell === 'zsh' ? ['autoload -U +X bashcompinit && bashcompinit'] : []),
    '_usertesting_inventory() {',
    '  local words=',
    `  if [ "$COMP_CWORD" = 1 ]; then words='${program.map((command) => command.name()).join(' ')} --help --version'`,
    `  else case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]}" in`,
    ...program.flatMap((command) => [
      ...valueCases(command),
      `    '${command.name()} '*) words='${words(command)}' ;;`,
    ]),
    '  esac; fi',
    '  COMPREPLY=($(compgen -W "$words" -- "$2"))',
    '}',
    `complete -o default -F _usertesting_inventory ${programName}`,
    '',
  ].join('\n');
}

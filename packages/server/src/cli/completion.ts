import type { CommandDefinition } from './command.js';

/** Options that every command takes. */
const GLOBAL_OPTIONS: readonly (readonly [string, string])[] = [
  ['--config', 'the settings file'],
  ['--url', 'address of the running service'],
  ['--quiet', 'print errors only'],
  ['--help', 'show the usage'],
];

/** The long names of a command's options with their descriptions. */
function optionsOf({ onlyWords, options = [] }: CommandDefinition): readonly (readonly [string, string])[] {
  const own = options.map(([flags, description]) => [flags.split(' ')[0] ?? flags, description] as const);
  return [...own, ...(onlyWords ? [] : ([['--json', 'as JSON']] as const)), ...GLOBAL_OPTIONS];
}

/** The first word of a command: `config` of `config check`. */
function firstWords(commands: readonly CommandDefinition[]): readonly (readonly [string, string])[] {
  const words = new Map<string, string>();
  for (const { name, description } of commands) {
    const [first = name] = name.split(' ');
    if (!words.has(first)) words.set(first, description);
  }
  return [...words];
}

/** The commands of a group, and the options of all of them: `release`, `revert` and `--json` of `held`. */
function choicesOf(first: string, commands: readonly CommandDefinition[]): readonly (readonly [string, string])[] {
  const group = commands.filter(({ name }) => name.split(' ')[0] === first);
  const seconds = group.flatMap(({ name, description }): readonly (readonly [string, string])[] => {
    const second = name.split(' ')[1];
    return second === undefined ? [] : [[second, description]];
  });
  return [...new Map([...seconds, ...group.flatMap(optionsOf)])];
}

function bash(commands: readonly CommandDefinition[]): string {
  const names = firstWords(commands).map(([name]) => name);
  const cases = names.map((first) => {
    const words = choicesOf(first, commands).map(([name]) => name);
    return `    ${first}) words="${words.join(' ')}" ;;`;
  });
  return `# Add to ~/.bashrc: eval "$(loft-sync completion bash)"
_loft_sync() {
  local words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${names.join(' ')} --help --version"; fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _loft_sync loft-sync`;
}

/** Quotes a text in single quotes, for zsh's `_values` and fish. */
function quoted(text: string): string {
  return text.replaceAll("'", '’').replaceAll(':', '\\:');
}

function zsh(commands: readonly CommandDefinition[]): string {
  const names = firstWords(commands).map(([name, description]) => `    '${name}:${quoted(description)}'`);
  const cases = firstWords(commands).map(([first]) => {
    const choices = choicesOf(first, commands).map(([name, words]) => `'${name}:${quoted(words)}'`);
    return `    ${first}) choices=(${choices.join(' ')}) ;;`;
  });
  return `#compdef loft-sync
# Add to ~/.zshrc: eval "$(loft-sync completion zsh)"
_loft_sync() {
  local -a commands choices
  commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  case "\${words[2]}" in
${cases.join('\n')}
  esac
  _describe option choices || _files
}
compdef _loft_sync loft-sync`;
}

function fish(commands: readonly CommandDefinition[]): string {
  const fishText = (text: string): string => text.replaceAll("'", "\\'");
  const lines = firstWords(commands).flatMap(([first, description]) => {
    const seen = `__fish_seen_subcommand_from ${first}`;
    return [
      `complete -c loft-sync -n __fish_use_subcommand -f -a ${first} -d '${fishText(description)}'`,
      ...choicesOf(first, commands).map(([name, words]) =>
        name.startsWith('--')
          ? `complete -c loft-sync -n '${seen}' -l ${name.slice(2)} -d '${fishText(words)}'`
          : `complete -c loft-sync -n '${seen}' -f -a ${name}`,
      ),
    ];
  });
  return ['# Save as ~/.config/fish/completions/loft-sync.fish', ...lines].join('\n');
}

/** Writes the completion script of a shell. @returns null if the shell is not supported */
export function completionScript(shell: string, commands: readonly CommandDefinition[]): string | null {
  switch (shell) {
    case 'bash':
      return bash(commands);
    case 'zsh':
      return zsh(commands);
    case 'fish':
      return fish(commands);
    default:
      return null;
  }
}

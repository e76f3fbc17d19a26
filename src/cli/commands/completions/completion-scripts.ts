import type { SHELLS } from "./command.js";

type CompletionShell = (typeof SHELLS)[number];

/**
 * What a shell runs to complete `rollcall`. Each asks `rollcall complete -- WORDS`, which prints a candidate a line: the
 * value, a tab, and what it means; nothing where a file or folder may stand. The words are handed over as they are and
 * never put into a text that a shell would read again.
 */
export const COMPLETION_SCRIPTS = {
  // compadd quotes what it inserts; with -U it leaves the choice to rollcall, which knows a phone by its name, too.
  zsh: `#compdef rollcall
_rollcall() {
  local line
  local -a values shown typed
  typed=("\${(@Q)words[2,CURRENT]}")
  typed[-1]=\${typed[-1]#[\\"\\']}
  for line in "\${(@f)$(rollcall complete -- "\${(@)typed}" 2>/dev/null)}"; do
    [[ -n $line ]] || continue
    values+=("\${line%%$'\\t'*}")
    shown+=("\${\${line%$'\\t'}/$'\\t'/  -- }")
  done
  if (( $#values )); then
    compadd -U -l -d shown -a values
  else
    _files
  fi
}
if [ "$funcstack[1]" = _rollcall ]; then
  _rollcall "$@"
else
  compdef _rollcall rollcall
fi
`,
  // For the bash 3.2 of macOS, too: no compopt, no bash-completion. A title is quoted as bash itself would, and where a quote
  // is open, one that would mean more within it is not offered.
  bash: `_rollcall() {
  local line quote= typed=\${COMP_WORDS[COMP_CWORD]}
  case $typed in
    [\\'\\"]*) quote=\${typed:0:1} typed=\${typed:1} ;;
    *) typed=\${typed//\\\\/} ;;
  esac
  COMPREPLY=()
  while IFS= read -r line; do
    case $quote in
      '') COMPREPLY+=("$(printf %q "$line")") ;;
      \\') [[ $line == *\\'* ]] || COMPREPLY+=("$line") ;;
      *) [[ $line == *[\\"\\$\\\`\\\\!]* ]] || COMPREPLY+=("$line") ;;
    esac
  done < <(rollcall complete -- "\${COMP_WORDS[@]:1:COMP_CWORD-1}" "$typed" 2>/dev/null | cut -f 1)
}
complete -o default -F _rollcall rollcall
`,
  fish: `function __rollcall_candidates
  set -l words (commandline -opc)
  set -l typed (commandline -ct | string trim -l -c '\\'"' | string replace -a '\\\\' '')
  set -l found (rollcall complete -- $words[2..-1] "$typed" 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c rollcall -f -a '(__rollcall_candidates)'
`,
} as const satisfies Record<CompletionShell, string>;

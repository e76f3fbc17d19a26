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
  local -a values shown
  for line in "\${(@f)$(rollcall complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
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
  // For the bash 3.2 of macOS, too: no compopt, no bash-completion.
  bash: `_rollcall() {
  local IFS=$'\\n'
  COMPREPLY=($(rollcall complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f 1))
}
complete -o default -F _rollcall rollcall
`,
  fish: `function __rollcall_candidates
  set -l words (commandline -opc)
  set -l found (rollcall complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c rollcall -f -a '(__rollcall_candidates)'
`,
} as const satisfies Record<CompletionShell, string>;

/**
 * The scripts that make a shell ask `netwright completions` what may follow.
 *
 * @module
 */

/** Words with colons and equals signs are several to bash, one to us. */
const BASH = `# netwright completion for bash
_netwright() {
  local line=\${COMP_LINE:0:COMP_POINT} cur prefix ask= word
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  cur=\${words[\${#words[@]}-1]}
  prefix=\${cur%"\${cur##*[:=]}"}
  COMPREPLY=()
  while IFS=$'\\t' read -r word _; do
    case $word in
      :*) ask=$word ;;
      *) COMPREPLY+=("\${word#"$prefix"}") ;;
    esac
  done < <("\${words[0]}" completions suggest -- "\${words[@]:1}" 2>/dev/null)
  case $ask in
    :files) compopt -o filenames 2>/dev/null
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "\${cur#"$prefix"}") ;;
    :hosts)
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -A hostname -- "\${cur#"$prefix"}") ;;
  esac
}
complete -F _netwright netwright`;

const ZSH = `#compdef netwright
# netwright completion for zsh
_netwright() {
  local line word help ask=
  local -a found
  while IFS=$'\\t' read -r word help; do
    case $word in
      :*) ask=$word ;;
      *) found+=("\${word//:/\\\\:}\${help:+:$help}") ;;
    esac
  done < <("\${words[1]}" completions suggest -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#found} )) && _describe netwright found
  case $ask in
    :files) _files ;;
    :hosts) _hosts ;;
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _netwright "$@"
else
  compdef _netwright netwright
fi`;

const FISH = `# netwright completion for fish
function __netwright_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in ($words[1] completions suggest -- $words[2..-1] 2>/dev/null)
    switch $line
      case ':files'
        __fish_complete_path (commandline -ct)
      case ':hosts'
        __fish_print_hostnames
      case '*'
        echo $line
    end
  end
end
complete -c netwright -f -a '(__netwright_complete)'`;

/** A script for each shell that we know. */
export const COMPLETION_SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const;

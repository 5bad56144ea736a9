/**
 * The scripts that make a shell ask `netwright completions` what may follow.
 *
 * @module
 */

/**
 * Bash divides a line at colons and equals signs too, and leaves its quoting in: so the line is divided here, and nothing
 * in it is run.
 */
const BASH = `# netwright completion for bash
_netwright() {
  local line=\${COMP_LINE:0:COMP_POINT} quote= char cur prefix ask= word= started= i
  local -a words=()
  for ((i = 0; i < \${#line}; i++)); do
    char=\${line:i:1}
    if [[ $char == "$quote" && -n $quote ]]; then quote=
    elif [[ -z $quote && $char == [\\'\\"] ]]; then quote=$char started=1
    elif [[ $char == \\\\ && $quote != \\' ]]; then i=$((i + 1)) word+=\${line:i:1} started=1
    elif [[ -z $quote && $char == [[:space:]] ]]; then
      [[ -n $started ]] && words+=("$word")
      word= started=
    else word+=$char started=1
    fi
  done
  words+=("$word")
  cur=$word
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
    :files) [[ $PREFIX == --*=* ]] && compset -P '*='; _files ;;
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
        set -l typed (string unescape -- (commandline -ct)); or set typed (commandline -ct)
        set -l option (string match -r '^--[^=]*=' -- $typed)
        for path in (string replace -r '^--[^=]*=' '' -- "$typed")*
          test -d $path; and echo "$option$path/"; or echo "$option$path"
        end
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

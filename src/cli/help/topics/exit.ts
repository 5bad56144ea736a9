/**
 * The text of `netwright help exit`.
 *
 * @module
 */

/** Lines of at most 80 columns. */
export const EXIT_TOPIC: string = `netwright exit: exit statuses, output and signals

  netwright ftp get ftp://ftp.example.org/pub/README || echo "failed: $?"

  0    done; a server that INT or TERM has ended
  1    failed: refused, timed out, not found, malformed
  2    wrong usage; nothing was done
  3    a permission is missing or was refused
  4    partly done: some of several files, hosts or recipients failed
  130  a client was interrupted (INT); 143: terminated (TERM)
  141  the reader of standard output has closed it

Standard output is the result and nothing else. Progress, logs, prompts and
errors go to standard error; progress only to a terminal. A failure is one line:

  netwright: COMMAND: HOST:PORT: what happened

  --json     results as one JSON object a line
  --quiet    no progress, no remarks; failures are still reported
  --verbose  more detail, and stack traces of failures
  --wire     the dialogue with the server, passwords masked

Text from the network is escaped before it reaches a terminal or a log.
NO_COLOR turns colours off.

The first INT or TERM ends a command in an orderly way, the second at once. A
server closes its socket and gives its clients the time of --grace. HUP makes it
read its files again; USR2 prints its status.`;

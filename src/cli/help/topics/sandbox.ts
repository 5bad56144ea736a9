/**
 * The text of `netwright help sandbox`.
 *
 * @module
 */

/** Lines of at most 80 columns. */
export const SANDBOX_TOPIC: string =
  `netwright sandbox: every command runs with the permissions it needs, and no more

  netwright --permissions ftp get ftp://ftp.example.org/pub/README

Before anything is connected or opened, a command works out from its own
arguments which hosts and ports, files, environment variables and programs it
needs. The launcher then starts it in a Worker or a process that has these
permissions only; the runtime refuses everything else. A hostile server that
exploits an error in a parser can reach that server and the target file:
nothing else.

  --permissions   print the permissions, without running the command
  --permissions --json
                  the same for programs, with the flags of deno run
  --no-sandbox    run without narrowing the permissions

Permissions go by the names that you give: ftp.example.org:21, not its address.
A connection to a host that the server names (a passive address, a redirect)
is refused unless it is in the list.
Files are granted by name; a symbolic link that you name is followed.

Run by "deno run" with exactly the printed flags, a command runs in place. With
fewer it stops before it does anything, and names the missing flag (status 3).

Two permissions are stronger than the rest:
  run   starts a program, which has all rights of its user: pipe, ftp shell
        --allow-program and --token-command, for the programs that you name.
  ffi   calls the system's library, and could do anything: ping, trace, sockets,
        interfaces --details, servers with --fast, and the models fork, prefork
        and prethread. In servers the launcher makes these calls, or a worker
        gives the permission up before it reads the first byte of a client.

Servers: workers of fork and prefork are processes, which isolate clients from
each other. Workers of thread and prethread share one process. See
"netwright help serve".

The sandbox is the runtime's. SECURITY.md lists its known limits.`;

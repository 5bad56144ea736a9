/**
 * The text of `help serve` about the server models.
 *
 * @module
 */

/** Lines of at most 80 columns. */
export const MODELS_MANUAL: string = `Models:
  multiplex  one thread for all clients (the default, and the fastest)
  serial     one client after the other; the next waits until the first has gone
  fork       a process for each client, started when it comes (some 40 ms)
  prefork    a pool of processes that wait, each with one client at a time
  thread     a Worker for each client, started when it comes (some 30 ms)
  prethread  a pool of Workers that wait

A client of fork costs some 31 MiB of memory, one of thread 15 to 20 MiB: these
take 100 and 150 at once, unless --max-connections says otherwise.

A pool keeps --idle-min to --idle-max workers that wait, --children-max in all.
A worker that ends is replaced; USR2 shows what each one does.

What isolates clients from each other:
  Processes do. Each has only the permissions of its service, no descriptor but
  its own client's, and none of the launcher's memory. A process of a pool
  serves one client after the other; state that a service leaves behind stays.
  --requests-per-child 1 starts a new process for each.
  Workers do not. Each has memory and permissions of its own, but they share one
  process: hostile code in one can take over the descriptors of all others, or
  end the process. They keep clients that compute for long from holding up the
  others. What must be isolated runs in processes.
  With multiplex and serial all clients share one thread, inside the sandbox.

How pools accept (--accept):
  shared  all from one listening socket: no client is lost when workers come and
          go. The default of prefork. A Worker that crashes leaves its client's
          connection open until the server ends.
  own     each from its own (SO_REUSEPORT), among which the system spreads
          clients. Three times as fast, any number of clients for each worker;
          but connections queued for a worker that ends are reset. Default of
          prethread. With port 0 the workers may use all ports of the host.

fork, prefork and shared sockets use the permission ffi for the system's own
calls (Linux only). The launcher makes them, which reads no byte of a client;
workers give the permission up before the first byte.

With --fast multiplex and serial take connections by such calls themselves, and
give the permission up before the first: a silent client costs 2 KiB instead of
9, for http keeps nothing but its socket. It is no faster.`;

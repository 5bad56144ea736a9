// Made by `deno task index`; do not edit.
import type { TourEntry } from "../row.ts";

/** All entries, none of them loaded. */
export const ROWS: readonly TourEntry[] = [
  {
    id: "1.1",
    program: "line",
    load: async () => (await import("./line.ts")).row,
  },
  {
    id: "1.2",
    program: "LineReader",
    load: async () => (await import("./line_reader.ts")).row,
  },
  {
    id: "2.1",
    program: "pipe",
    load: async () => (await import("./pipe.ts")).row,
  },
  {
    id: "2.2",
    program: "Deadline",
    load: async () => (await import("./deadline.ts")).row,
  },
  {
    id: "3.1",
    program: "resolve",
    load: async () => (await import("./resolve.ts")).row,
  },
  {
    id: "3.2",
    program: "service, protocol",
    load: async () => (await import("./service.ts")).row,
  },
  {
    id: "3.3",
    program: "daytime, time",
    load: async () => (await import("./daytime.ts")).row,
  },
  {
    id: "3.4",
    program: "netmask",
    load: async () => (await import("./netmask.ts")).row,
  },
  {
    id: "3.5",
    program: "interfaces, sockets, ping, trace",
    load: async () => (await import("./interfaces.ts")).row,
  },
  {
    id: "4.1",
    program: "echo",
    load: async () => (await import("./echo.ts")).row,
  },
  {
    id: "4.2",
    program: "discard, chargen, qotd, finger",
    load: async () => (await import("./small_services.ts")).row,
  },
  {
    id: "4.2",
    program: "serve echo",
    load: async () => (await import("./serve.ts")).row,
  },
  {
    id: "4.3",
    program: "socket options",
    load: async () => (await import("./socket_options.ts")).row,
  },
  {
    id: "4.4",
    program: "exceptional conditions",
    load: async () => (await import("./errors.ts")).row,
  },
  {
    id: "5.2",
    program: "gab",
    load: async () => (await import("./gab.ts")).row,
  },
  {
    id: "6.1",
    program: "ftp",
    load: async () => (await import("./ftp.ts")).row,
  },
  {
    id: "6.2",
    program: "ftp mirror",
    load: async () => (await import("./ftp_mirror.ts")).row,
  },
  {
    id: "6.3",
    program: "serve ftp",
    load: async () => (await import("./serve_ftp.ts")).row,
  },
  {
    id: "7.1",
    program: "smtp send",
    load: async () => (await import("./smtp.ts")).row,
  },
  {
    id: "7.2",
    program: "mail reply",
    load: async () => (await import("./mail.ts")).row,
  },
  {
    id: "7.3",
    program: "mime tree",
    load: async () => (await import("./mime.ts")).row,
  },
  {
    id: "7.4",
    program: "mail recent",
    load: async () => (await import("./mail_recent.ts")).row,
  },
  {
    id: "7.5",
    program: "serve smtp",
    load: async () => (await import("./serve_smtp.ts")).row,
  },
  {
    id: "10.1",
    program: "eliza, serve eliza",
    load: async () => (await import("./eliza.ts")).row,
  },
  {
    id: "10.2",
    program: "serve --model fork",
    load: async () => (await import("./forking_server.ts")).row,
  },
  {
    id: "11",
    program: "serve --model thread",
    load: async () => (await import("./threaded_server.ts")).row,
  },
  {
    id: "13.1",
    program: "SessionSet",
    load: async () => (await import("./session_set.ts")).row,
  },
  {
    id: "15.1",
    program: "serve http",
    load: async () => (await import("./http_server.ts")).row,
  },
  {
    id: "15.2",
    program: "serve --model prefork",
    load: async () => (await import("./preforked_server.ts")).row,
  },
  {
    id: "15.3",
    program: "serve --model prethread",
    load: async () => (await import("./prethreaded_server.ts")).row,
  },
  {
    id: "15.4",
    program: "bench models",
    load: async () => (await import("./bench_models.ts")).row,
  },
  {
    id: "16",
    program: "poll()",
    load: async () => (await import("./poll.ts")).row,
  },
  {
    id: "18.1",
    program: "daytime --udp, time --udp",
    load: async () => (await import("./daytime_udp.ts")).row,
  },
  {
    id: "18.2",
    program: "echo --udp",
    load: async () => (await import("./echo_udp.ts")).row,
  },
  {
    id: "18.3",
    program: "serve echo --udp",
    load: async () => (await import("./echo_udp_serve.ts")).row,
  },
  {
    id: "19.1",
    program: "serve chat, chat",
    load: async () => (await import("./chat.ts")).row,
  },
  {
    id: "19.2",
    program: "serve chat --idle-timeout",
    load: async () => (await import("./chat_idle.ts")).row,
  },
  {
    id: "20",
    program: "discover chat",
    load: async () => (await import("./discover.ts")).row,
  },
  {
    id: "21.1",
    program: "MulticastReceiver, MulticastSender",
    load: async () => (await import("./multicast.ts")).row,
  },
  {
    id: "21.2",
    program: "time-of-day send, receive",
    load: async () => (await import("./time_of_day.ts")).row,
  },
  {
    id: "21.3",
    program: "serve chat --multicast, chat --multicast",
    load: async () => (await import("./chat_multicast.ts")).row,
  },
  {
    id: "22.1",
    program: "serve wrap, wrap",
    load: async () => (await import("./wrap.ts")).row,
  },
  {
    id: "22.2",
    program: "serve localtime, localtime",
    load: async () => (await import("./localtime.ts")).row,
  },
  {
    id: "B",
    program: "ref errors",
    load: async () => (await import("./ref.ts")).row,
  },
  {
    id: "C",
    program: "ref ports, multicast",
    load: async () => (await import("./ref_ports.ts")).row,
  },
  {
    id: "S.1",
    program: "least permission",
    load: async () => (await import("./least_permission.ts")).row,
  },
  {
    id: "S.2",
    program: "help, completions",
    load: async () => (await import("./one_file.ts")).row,
  },
  {
    id: "S.4",
    program: "memoryNetwork",
    load: async () => (await import("./memory.ts")).row,
  },
];

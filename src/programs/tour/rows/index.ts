// Made by `deno task generate`; do not edit.
import type { TourEntry } from "../core/row.ts";

/** All entries, none of them loaded. */
export const ROWS: readonly TourEntry[] = [
  {
    id: "1.1",
    program: "line",
    load: async () => (await import("./ask/line.ts")).row,
  },
  {
    id: "1.2",
    program: "LineReader",
    load: async () => (await import("./library/line_reader.ts")).row,
  },
  {
    id: "2.1",
    program: "pipe",
    load: async () => (await import("./stream/pipe.ts")).row,
  },
  {
    id: "2.2",
    program: "Deadline",
    load: async () => (await import("./library/deadline.ts")).row,
  },
  {
    id: "3.1",
    program: "resolve",
    load: async () => (await import("./host/resolve.ts")).row,
  },
  {
    id: "3.2",
    program: "service, protocol",
    load: async () => (await import("./ref/service.ts")).row,
  },
  {
    id: "3.3",
    program: "daytime, time",
    load: async () => (await import("./ask/daytime.ts")).row,
  },
  {
    id: "3.4",
    program: "netmask",
    load: async () => (await import("./host/netmask.ts")).row,
  },
  {
    id: "3.5",
    program: "interfaces, sockets, ping, trace",
    load: async () => (await import("./host/interfaces.ts")).row,
  },
  {
    id: "4.1",
    program: "echo",
    load: async () => (await import("./ask/echo.ts")).row,
  },
  {
    id: "4.2",
    program: "discard, chargen, qotd, finger",
    load: async () => (await import("./ask/small_services.ts")).row,
  },
  {
    id: "4.2",
    program: "serve echo",
    load: async () => (await import("./serve/serve.ts")).row,
  },
  {
    id: "4.3",
    program: "socket options",
    load: async () => (await import("./library/socket_options.ts")).row,
  },
  {
    id: "4.4",
    program: "exceptional conditions",
    load: async () => (await import("./library/errors.ts")).row,
  },
  {
    id: "5.2",
    program: "gab",
    load: async () => (await import("./stream/gab.ts")).row,
  },
  {
    id: "5.3",
    program: "fetch",
    load: async () => (await import("./http/fetch.ts")).row,
  },
  {
    id: "6.1",
    program: "ftp",
    load: async () => (await import("./ftp/ftp.ts")).row,
  },
  {
    id: "6.2",
    program: "ftp mirror",
    load: async () => (await import("./ftp/ftp_mirror.ts")).row,
  },
  {
    id: "6.3",
    program: "serve ftp",
    load: async () => (await import("./serve/serve_ftp.ts")).row,
  },
  {
    id: "6.4",
    program: "telnet run",
    load: async () => (await import("./telnet/telnet_run.ts")).row,
  },
  {
    id: "6.5",
    program: "telnet script",
    load: async () => (await import("./telnet/telnet_script.ts")).row,
  },
  {
    id: "6.6",
    program: "serve eliza --telnet",
    load: async () => (await import("./telnet/telnet_server.ts")).row,
  },
  {
    id: "7.1",
    program: "smtp send",
    load: async () => (await import("./smtp/smtp.ts")).row,
  },
  {
    id: "7.2",
    program: "mail reply",
    load: async () => (await import("./mail/mail.ts")).row,
  },
  {
    id: "7.3",
    program: "mime tree",
    load: async () => (await import("./mime/mime.ts")).row,
  },
  {
    id: "7.4",
    program: "mail recent",
    load: async () => (await import("./mail/mail_recent.ts")).row,
  },
  {
    id: "7.5",
    program: "serve smtp",
    load: async () => (await import("./serve/serve_smtp.ts")).row,
  },
  {
    id: "8.1",
    program: "pop stats",
    load: async () => (await import("./pop/pop_stats.ts")).row,
  },
  {
    id: "8.2",
    program: "pop fetch",
    load: async () => (await import("./pop/pop_fetch.ts")).row,
  },
  {
    id: "8.3",
    program: "imap stats",
    load: async () => (await import("./imap/imap_stats.ts")).row,
  },
  {
    id: "8.4",
    program: "serve imap",
    load: async () => (await import("./imap/serve_imap.ts")).row,
  },
  {
    id: "8.5",
    program: "news groups, list, post, read",
    load: async () => (await import("./news/news_read.ts")).row,
  },
  {
    id: "8.6",
    program: "news gateway",
    load: async () => (await import("./news/news_gateway.ts")).row,
  },
  {
    id: "8.7",
    program: "serve nntp",
    load: async () => (await import("./news/serve_nntp.ts")).row,
  },
  {
    id: "9.1",
    program: "http get, head, chain",
    load: async () => (await import("./http/http_get.ts")).row,
  },
  {
    id: "9.2",
    program: "http form, post",
    load: async () => (await import("./http/http_form.ts")).row,
  },
  {
    id: "9.3",
    program: "http get --proxy",
    load: async () => (await import("./http/http_login.ts")).row,
  },
  {
    id: "9.4",
    program: "http text, links, images",
    load: async () => (await import("./http/http_page.ts")).row,
  },
  {
    id: "9.5",
    program: "http robot URL",
    load: async () => (await import("./http/http_robot.ts")).row,
  },
  {
    id: "10.1",
    program: "eliza, serve eliza",
    load: async () => (await import("./about/eliza.ts")).row,
  },
  {
    id: "10.2",
    program: "serve --model fork",
    load: async () => (await import("./serve/forking_server.ts")).row,
  },
  {
    id: "11",
    program: "serve --model thread",
    load: async () => (await import("./serve/threaded_server.ts")).row,
  },
  {
    id: "13.1",
    program: "SessionSet",
    load: async () => (await import("./serve/session_set.ts")).row,
  },
  {
    id: "13.3",
    program: "fetch URL…",
    load: async () => (await import("./http/fetch_many.ts")).row,
  },
  {
    id: "14.1",
    program: "log MESSAGE",
    load: async () => (await import("./log/log_syslog.ts")).row,
  },
  {
    id: "15.1",
    program: "serve http",
    load: async () => (await import("./serve/http_server.ts")).row,
  },
  {
    id: "15.2",
    program: "serve --model prefork",
    load: async () => (await import("./serve/preforked_server.ts")).row,
  },
  {
    id: "15.3",
    program: "serve --model prethread",
    load: async () => (await import("./serve/prethreaded_server.ts")).row,
  },
  {
    id: "15.4",
    program: "bench models",
    load: async () => (await import("./bench/bench_models.ts")).row,
  },
  {
    id: "16",
    program: "poll()",
    load: async () => (await import("./library/poll.ts")).row,
  },
  {
    id: "18.1",
    program: "daytime --udp, time --udp",
    load: async () => (await import("./ask/daytime_udp.ts")).row,
  },
  {
    id: "18.2",
    program: "echo --udp",
    load: async () => (await import("./ask/echo_udp.ts")).row,
  },
  {
    id: "18.3",
    program: "serve echo --udp",
    load: async () => (await import("./serve/echo_udp_serve.ts")).row,
  },
  {
    id: "19.1",
    program: "serve chat, chat",
    load: async () => (await import("./chat/chat.ts")).row,
  },
  {
    id: "19.2",
    program: "serve chat --idle-timeout",
    load: async () => (await import("./chat/chat_idle.ts")).row,
  },
  {
    id: "20",
    program: "discover chat",
    load: async () => (await import("./chat/discover.ts")).row,
  },
  {
    id: "21.1",
    program: "MulticastReceiver, MulticastSender",
    load: async () => (await import("./multicast/multicast.ts")).row,
  },
  {
    id: "21.2",
    program: "time-of-day send, receive",
    load: async () => (await import("./multicast/time_of_day.ts")).row,
  },
  {
    id: "21.3",
    program: "serve chat --multicast, chat --multicast",
    load: async () => (await import("./chat/chat_multicast.ts")).row,
  },
  {
    id: "22.1",
    program: "serve wrap, wrap",
    load: async () => (await import("./ask/wrap.ts")).row,
  },
  {
    id: "22.2",
    program: "serve localtime, localtime",
    load: async () => (await import("./ask/localtime.ts")).row,
  },
  {
    id: "B",
    program: "ref errors",
    load: async () => (await import("./ref/ref.ts")).row,
  },
  {
    id: "C",
    program: "ref ports, multicast",
    load: async () => (await import("./ref/ref_ports.ts")).row,
  },
  {
    id: "S.1",
    program: "least permission",
    load: async () => (await import("./library/least_permission.ts")).row,
  },
  {
    id: "S.2",
    program: "help, completions",
    load: async () => (await import("./library/one_file.ts")).row,
  },
  {
    id: "S.4",
    program: "memoryNetwork",
    load: async () => (await import("./library/memory.ts")).row,
  },
];

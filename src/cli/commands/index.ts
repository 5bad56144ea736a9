// Made by `deno task index`; do not edit.
import type { CommandEntry } from "../command/command.ts";

/** All entries, none of them loaded. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "bench load",
    summary: "put a server under load, and tell how fast it answers",
    load: async () => (await import("./bench/load.ts")).command,
  },
  {
    name: "bench models",
    summary: "compare all server models under the same load",
    load: async () => (await import("./bench/models.ts")).command,
  },
  {
    name: "chargen",
    summary: "take characters from a generator (RFC 864)",
    load: async () => (await import("./ask/chargen.ts")).command,
  },
  {
    name: "chat",
    summary: "talk with others in a chat",
    load: async () => (await import("./chat/chat.ts")).command,
  },
  {
    name: "completions",
    summary: "print a script by which a shell completes our commands",
    load: async () => (await import("./about/completions.ts")).command,
  },
  {
    name: "daytime",
    summary: "ask hosts for the time of day (RFC 867)",
    load: async () => (await import("./ask/daytime.ts")).command,
  },
  {
    name: "discard",
    summary: "send standard input to be thrown away (RFC 863)",
    load: async () => (await import("./ask/discard.ts")).command,
  },
  {
    name: "discover chat",
    summary: "find chat servers on this host's subnets",
    load: async () => (await import("./chat/discover_chat.ts")).command,
  },
  {
    name: "echo",
    summary: "send messages to an echo server, and time them (RFC 862)",
    load: async () => (await import("./ask/echo.ts")).command,
  },
  {
    name: "eliza",
    summary: "talk to a psychotherapist, who is not very bright",
    load: async () => (await import("./about/eliza.ts")).command,
  },
  {
    name: "finger",
    summary: "ask hosts about their users (RFC 1288)",
    load: async () => (await import("./ask/finger.ts")).command,
  },
  {
    name: "ftp cat",
    summary: "show files of an FTP server",
    load: async () => (await import("./ftp/cat.ts")).command,
  },
  {
    name: "ftp chmod",
    summary: "change permission bits on an FTP server",
    load: async () => (await import("./ftp/chmod.ts")).command,
  },
  {
    name: "ftp copy",
    summary: "copy a file from an FTP server to another one",
    load: async () => (await import("./ftp/copy.ts")).command,
  },
  {
    name: "ftp get",
    summary: "fetch files from an FTP server",
    load: async () => (await import("./ftp/get.ts")).command,
  },
  {
    name: "ftp ls",
    summary: "list folders of an FTP server",
    load: async () => (await import("./ftp/ls.ts")).command,
  },
  {
    name: "ftp mirror",
    summary: "make a folder like one of an FTP server",
    load: async () => (await import("./ftp/mirror.ts")).command,
  },
  {
    name: "ftp mkdir",
    summary: "make folders on an FTP server",
    load: async () => (await import("./ftp/mkdir.ts")).command,
  },
  {
    name: "ftp mv",
    summary: "rename a file or folder on an FTP server",
    load: async () => (await import("./ftp/mv.ts")).command,
  },
  {
    name: "ftp put",
    summary: "store files on an FTP server",
    load: async () => (await import("./ftp/put.ts")).command,
  },
  {
    name: "ftp quote",
    summary: "send commands to an FTP server as they are",
    load: async () => (await import("./ftp/quote.ts")).command,
  },
  {
    name: "ftp rm",
    summary: "remove files from an FTP server",
    load: async () => (await import("./ftp/rm.ts")).command,
  },
  {
    name: "ftp shell",
    summary: "work at an FTP server, command by command",
    load: async () => (await import("./ftp/shell.ts")).command,
  },
  {
    name: "gab",
    summary: "talk to a server, both directions at once",
    load: async () => (await import("./stream/gab.ts")).command,
  },
  {
    name: "help",
    summary: "list all commands, or explain one",
    load: async () => (await import("./about/help.ts")).command,
  },
  {
    name: "interfaces",
    summary: "list this host's network interfaces with their addresses",
    load: async () => (await import("./host/interfaces.ts")).command,
  },
  {
    name: "line",
    summary: "print the first line of a file, or of what a server says",
    load: async () => (await import("./ask/line.ts")).command,
  },
  {
    name: "localtime",
    summary: "ask a server for the time in zones",
    load: async () => (await import("./ask/localtime.ts")).command,
  },
  {
    name: "mail autoreply",
    summary: "answer a message by itself, if it is one to answer",
    load: async () => (await import("./mail/autoreply.ts")).command,
  },
  {
    name: "mail compose",
    summary: "write a message to standard output",
    load: async () => (await import("./mail/compose.ts")).command,
  },
  {
    name: "mail forward",
    summary: "write a message that forwards another one",
    load: async () => (await import("./mail/forward.ts")).command,
  },
  {
    name: "mail recent",
    summary: "write a message with the new files of an FTP server",
    load: async () => (await import("./mail/recent.ts")).command,
  },
  {
    name: "mail reply",
    summary: "write a reply to a message",
    load: async () => (await import("./mail/reply.ts")).command,
  },
  {
    name: "mime build",
    summary: "make a message, or a part of one, of files",
    load: async () => (await import("./mime/build.ts")).command,
  },
  {
    name: "mime tree",
    summary: "show what a message is made of",
    load: async () => (await import("./mime/tree.ts")).command,
  },
  {
    name: "mime unpack",
    summary: "write the parts of a message to files",
    load: async () => (await import("./mime/unpack.ts")).command,
  },
  {
    name: "netmask",
    summary: "show network, broadcast and host part of addresses",
    load: async () => (await import("./host/netmask.ts")).command,
  },
  {
    name: "password",
    summary: "hash a password for a server's file of users",
    load: async () => (await import("./serve/password.ts")).command,
  },
  {
    name: "ping",
    summary: "ask a host for ICMP echoes",
    load: async () => (await import("./host/ping.ts")).command,
  },
  {
    name: "pipe",
    summary: "connect a program with a socket, or put it behind one",
    load: async () => (await import("./stream/pipe.ts")).command,
  },
  {
    name: "protocol",
    summary: "look up Internet protocols by name or number",
    load: async () => (await import("./ref/protocol.ts")).command,
  },
  {
    name: "qotd",
    summary: "ask hosts for their quote of the day (RFC 865)",
    load: async () => (await import("./ask/qotd.ts")).command,
  },
  {
    name: "ref",
    summary: "search errors, ports, protocols, multicast groups",
    load: async () => (await import("./ref/ref.ts")).command,
  },
  {
    name: "resolve",
    summary: "look up names and addresses in the DNS",
    load: async () => (await import("./host/resolve.ts")).command,
  },
  {
    name: "serve",
    summary: "serve a protocol",
    load: async () => (await import("./serve/serve.ts")).command,
  },
  {
    name: "service",
    summary: "look up services by name or port number",
    load: async () => (await import("./ref/service.ts")).command,
  },
  {
    name: "smtp send",
    summary: "write a message, and send it by a mail server",
    load: async () => (await import("./smtp/send.ts")).command,
  },
  {
    name: "smtp verify",
    summary: "what a mail server offers, and whom it takes mail for",
    load: async () => (await import("./smtp/verify.ts")).command,
  },
  {
    name: "sockets",
    summary: "list the open sockets of this host",
    load: async () => (await import("./host/sockets.ts")).command,
  },
  {
    name: "time",
    summary: "ask hosts for the time, and how far we are off (RFC 868)",
    load: async () => (await import("./ask/time.ts")).command,
  },
  {
    name: "time-of-day receive",
    summary: "hear the time that a multicast group is told",
    load: async () => (await import("./multicast/time_of_day_receive.ts")).command,
  },
  {
    name: "time-of-day send",
    summary: "tell a multicast group the time, every 15 s",
    load: async () => (await import("./multicast/time_of_day_send.ts")).command,
  },
  {
    name: "tour",
    summary: "run every program for real here, and tell what worked",
    load: async () => (await import("./about/tour.ts")).command,
  },
  {
    name: "trace",
    summary: "trace the path to a host, hop by hop",
    load: async () => (await import("./host/trace.ts")).command,
  },
  {
    name: "wrap",
    summary: "let a server fill the lines of standard input",
    load: async () => (await import("./ask/wrap.ts")).command,
  },
];

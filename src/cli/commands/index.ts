// Made by `deno task index`; do not edit.
import type { CommandEntry } from "../command.ts";

/** All entries, none of them loaded. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "bench load",
    summary: "put a server under load, and tell how fast it answers",
    load: async () => (await import("./bench_load.ts")).command,
  },
  {
    name: "bench models",
    summary: "compare all server models under the same load",
    load: async () => (await import("./bench_models.ts")).command,
  },
  {
    name: "chargen",
    summary: "take characters from a generator (RFC 864)",
    load: async () => (await import("./chargen.ts")).command,
  },
  {
    name: "chat",
    summary: "talk with others in a chat",
    load: async () => (await import("./chat.ts")).command,
  },
  {
    name: "completions",
    summary: "print a script by which a shell completes our commands",
    load: async () => (await import("./completions.ts")).command,
  },
  {
    name: "daytime",
    summary: "ask hosts for the time of day (RFC 867)",
    load: async () => (await import("./daytime.ts")).command,
  },
  {
    name: "discard",
    summary: "send standard input to be thrown away (RFC 863)",
    load: async () => (await import("./discard.ts")).command,
  },
  {
    name: "discover chat",
    summary: "find chat servers on this host's subnets",
    load: async () => (await import("./discover_chat.ts")).command,
  },
  {
    name: "echo",
    summary: "send messages to an echo server, and time them (RFC 862)",
    load: async () => (await import("./echo.ts")).command,
  },
  {
    name: "eliza",
    summary: "talk to a psychotherapist, who is not very bright",
    load: async () => (await import("./eliza.ts")).command,
  },
  {
    name: "finger",
    summary: "ask hosts about their users (RFC 1288)",
    load: async () => (await import("./finger.ts")).command,
  },
  {
    name: "ftp cat",
    summary: "show files of an FTP server",
    load: async () => (await import("./ftp_cat.ts")).command,
  },
  {
    name: "ftp chmod",
    summary: "change permission bits on an FTP server",
    load: async () => (await import("./ftp_chmod.ts")).command,
  },
  {
    name: "ftp copy",
    summary: "copy a file from an FTP server to another one",
    load: async () => (await import("./ftp_copy.ts")).command,
  },
  {
    name: "ftp get",
    summary: "fetch files from an FTP server",
    load: async () => (await import("./ftp_get.ts")).command,
  },
  {
    name: "ftp ls",
    summary: "list folders of an FTP server",
    load: async () => (await import("./ftp_ls.ts")).command,
  },
  {
    name: "ftp mirror",
    summary: "make a folder like one of an FTP server",
    load: async () => (await import("./ftp_mirror.ts")).command,
  },
  {
    name: "ftp mkdir",
    summary: "make folders on an FTP server",
    load: async () => (await import("./ftp_mkdir.ts")).command,
  },
  {
    name: "ftp mv",
    summary: "rename a file or folder on an FTP server",
    load: async () => (await import("./ftp_mv.ts")).command,
  },
  {
    name: "ftp put",
    summary: "store files on an FTP server",
    load: async () => (await import("./ftp_put.ts")).command,
  },
  {
    name: "ftp quote",
    summary: "send commands to an FTP server as they are",
    load: async () => (await import("./ftp_quote.ts")).command,
  },
  {
    name: "ftp rm",
    summary: "remove files from an FTP server",
    load: async () => (await import("./ftp_rm.ts")).command,
  },
  {
    name: "ftp shell",
    summary: "work at an FTP server, command by command",
    load: async () => (await import("./ftp_shell.ts")).command,
  },
  {
    name: "gab",
    summary: "talk to a server, both directions at once",
    load: async () => (await import("./gab.ts")).command,
  },
  {
    name: "help",
    summary: "list all commands, or explain one",
    load: async () => (await import("./help.ts")).command,
  },
  {
    name: "interfaces",
    summary: "list this host's network interfaces with their addresses",
    load: async () => (await import("./interfaces.ts")).command,
  },
  {
    name: "line",
    summary: "print the first line of a file, or of what a server says",
    load: async () => (await import("./line.ts")).command,
  },
  {
    name: "localtime",
    summary: "ask a server for the time in zones",
    load: async () => (await import("./localtime.ts")).command,
  },
  {
    name: "mail autoreply",
    summary: "answer a message by itself, if it is one to answer",
    load: async () => (await import("./mail_autoreply.ts")).command,
  },
  {
    name: "mail compose",
    summary: "write a message to standard output",
    load: async () => (await import("./mail_compose.ts")).command,
  },
  {
    name: "mail forward",
    summary: "write a message that forwards another one",
    load: async () => (await import("./mail_forward.ts")).command,
  },
  {
    name: "mail recent",
    summary: "write a message with the new files of an FTP server",
    load: async () => (await import("./mail_recent.ts")).command,
  },
  {
    name: "mail reply",
    summary: "write a reply to a message",
    load: async () => (await import("./mail_reply.ts")).command,
  },
  {
    name: "mime build",
    summary: "make a message, or a part of one, of files",
    load: async () => (await import("./mime_build.ts")).command,
  },
  {
    name: "mime tree",
    summary: "show what a message is made of",
    load: async () => (await import("./mime_tree.ts")).command,
  },
  {
    name: "mime unpack",
    summary: "write the parts of a message to files",
    load: async () => (await import("./mime_unpack.ts")).command,
  },
  {
    name: "netmask",
    summary: "show network, broadcast and host part of addresses",
    load: async () => (await import("./netmask.ts")).command,
  },
  {
    name: "password",
    summary: "hash a password for a server's file of users",
    load: async () => (await import("./password.ts")).command,
  },
  {
    name: "ping",
    summary: "ask a host for ICMP echoes",
    load: async () => (await import("./ping.ts")).command,
  },
  {
    name: "pipe",
    summary: "connect a program with a socket, or put it behind one",
    load: async () => (await import("./pipe.ts")).command,
  },
  {
    name: "protocol",
    summary: "look up Internet protocols by name or number",
    load: async () => (await import("./protocol.ts")).command,
  },
  {
    name: "qotd",
    summary: "ask hosts for their quote of the day (RFC 865)",
    load: async () => (await import("./qotd.ts")).command,
  },
  {
    name: "ref",
    summary: "search errors, ports, protocols, multicast groups",
    load: async () => (await import("./ref.ts")).command,
  },
  {
    name: "resolve",
    summary: "look up names and addresses in the DNS",
    load: async () => (await import("./resolve.ts")).command,
  },
  {
    name: "serve",
    summary: "serve a protocol",
    load: async () => (await import("./serve.ts")).command,
  },
  {
    name: "service",
    summary: "look up services by name or port number",
    load: async () => (await import("./service.ts")).command,
  },
  {
    name: "smtp send",
    summary: "write a message, and send it by a mail server",
    load: async () => (await import("./smtp_send.ts")).command,
  },
  {
    name: "smtp verify",
    summary: "what a mail server offers, and whom it takes mail for",
    load: async () => (await import("./smtp_verify.ts")).command,
  },
  {
    name: "sockets",
    summary: "list the open sockets of this host",
    load: async () => (await import("./sockets.ts")).command,
  },
  {
    name: "time",
    summary: "ask hosts for the time, and how far we are off (RFC 868)",
    load: async () => (await import("./time.ts")).command,
  },
  {
    name: "time-of-day receive",
    summary: "hear the time that a multicast group is told",
    load: async () => (await import("./time_of_day_receive.ts")).command,
  },
  {
    name: "time-of-day send",
    summary: "tell a multicast group the time, every 15 s",
    load: async () => (await import("./time_of_day_send.ts")).command,
  },
  {
    name: "tour",
    summary: "run every program for real here, and tell what worked",
    load: async () => (await import("./tour.ts")).command,
  },
  {
    name: "trace",
    summary: "trace the path to a host, hop by hop",
    load: async () => (await import("./trace.ts")).command,
  },
  {
    name: "wrap",
    summary: "let a server fill the lines of standard input",
    load: async () => (await import("./wrap.ts")).command,
  },
];

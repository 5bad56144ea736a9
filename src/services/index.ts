// Made by `deno task generate`; do not edit.
import type { ServiceEntry } from "./core/service.ts";

/** All entries, none of them loaded. */
export const SERVICES: readonly ServiceEntry[] = [
  {
    name: "chargen",
    summary: "send characters without end (RFC 864)",
    port: 19,
    load: async () => (await import("./small/chargen.ts")).service,
  },
  {
    name: "chat",
    summary: "host a chat with channels",
    port: 2027,
    load: async () => (await import("./chat/chat.ts")).service,
  },
  {
    name: "daytime",
    summary: "send date and time as text (RFC 867)",
    port: 13,
    load: async () => (await import("./small/daytime.ts")).service,
  },
  {
    name: "discard",
    summary: "discard all input (RFC 863)",
    port: 9,
    load: async () => (await import("./small/discard.ts")).service,
  },
  {
    name: "echo",
    summary: "send all input back (RFC 862)",
    port: 7,
    load: async () => (await import("./small/echo.ts")).service,
  },
  {
    name: "eliza",
    summary: "simulate a psychotherapist (ELIZA)",
    port: 12000,
    load: async () => (await import("./eliza/eliza.ts")).service,
  },
  {
    name: "finger",
    summary: "answer queries about users (RFC 1288)",
    port: 79,
    load: async () => (await import("./small/finger.ts")).service,
  },
  {
    name: "ftp",
    summary: "share a folder over FTP (RFC 959, 3659, 4217)",
    port: 2121,
    load: async () => (await import("./ftp/ftp.ts")).service,
  },
  {
    name: "hostile",
    summary: "test the sandbox from inside",
    port: 12001,
    load: async () => (await import("./hostile/hostile.ts")).service,
  },
  {
    name: "http",
    summary: "share a folder over HTTP (RFC 9112)",
    port: 8080,
    load: async () => (await import("./http/http.ts")).service,
  },
  {
    name: "imap",
    summary: "let users work with their mail by IMAP (RFC 9051, 3501)",
    port: 1143,
    load: async () => (await import("./mail/imap.ts")).service,
  },
  {
    name: "lmtp",
    summary: "receive mail from a mail server (RFC 2033)",
    port: 2424,
    load: async () => (await import("./mail/lmtp.ts")).service,
  },
  {
    name: "localtime",
    summary: "send the local time of a time zone",
    port: 12023,
    load: async () => (await import("./small/localtime.ts")).service,
  },
  {
    name: "nntp",
    summary: "host newsgroups over NNTP (RFC 3977)",
    port: 1119,
    load: async () => (await import("./news/nntp.ts")).service,
  },
  {
    name: "pop3",
    summary: "let users read their mail by POP3 (RFC 1939)",
    port: 1110,
    load: async () => (await import("./mail/pop3.ts")).service,
  },
  {
    name: "qotd",
    summary: "send the quote of the day (RFC 865)",
    port: 17,
    load: async () => (await import("./small/qotd.ts")).service,
  },
  {
    name: "smtp",
    summary: "receive mail into mailboxes (RFC 5321)",
    port: 2525,
    load: async () => (await import("./mail/smtp.ts")).service,
  },
  {
    name: "syslog",
    summary: "collect messages of syslog (RFC 5424, 3164)",
    port: 601,
    load: async () => (await import("./log/syslog.ts")).service,
  },
  {
    name: "time",
    summary: "send the time as 32 bits (RFC 868)",
    port: 37,
    load: async () => (await import("./small/time.ts")).service,
  },
  {
    name: "wrap",
    summary: "fill lines to a width",
    port: 12022,
    load: async () => (await import("./small/wrap.ts")).service,
  },
];

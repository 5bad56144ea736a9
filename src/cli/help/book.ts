/**
 * The chapters and programs of Lincoln Stein's "Network Programming with Perl", and the commands and exports that do the
 * same here.
 *
 * @module
 */

import { UsageError } from "../../net/mod.ts";
import { definitions, wrap } from "./wrap.ts";

/** One topic or program of a chapter. */
export interface BookEntry {
  /** Its id; the tour's rows have the same. */
  readonly id: string;
  /** The topic, with the names of the book's programs. */
  readonly topic: string;
  /** Command lines, without `netwright` and operands. */
  readonly commands?: readonly string[];
  /** Exports of the library. */
  readonly library?: string;
}

/** A chapter. */
export interface BookChapter {
  /** Its number, or an appendix's letter. */
  readonly chapter: string;
  /** Its title. */
  readonly title: string;
  /** Its topics that are here. */
  readonly entries: readonly BookEntry[];
  /** Its topics that are not here yet. */
  readonly missing?: string;
}

/** All chapters. */
export const BOOK: readonly BookChapter[] = [
  {
    chapter: "1",
    title: "Input/Output Basics",
    entries: [
      {
        id: "1.1",
        topic: "lgetl.pl, lgetr.pl: the first line of a file or server",
        commands: ["line"],
      },
      {
        id: "1.2",
        topic: "lines, record separators, binary-safe reads",
        library: "LineReader in ./net",
      },
    ],
  },
  {
    chapter: "2",
    title: "Processes, Pipes, and Signals",
    entries: [
      { id: "2.1", topic: "whos_there.pl: pipes to and from programs", commands: ["pipe"] },
      { id: "2.2", topic: "interrupt.pl: signals and time-outs", library: "Deadline in ./net" },
    ],
  },
  {
    chapter: "3",
    title: "Introduction to Berkeley Sockets",
    entries: [
      {
        id: "3.1",
        topic: "ip_trans.pl, name_trans.pl: names and addresses",
        commands: ["resolve"],
      },
      {
        id: "3.2",
        topic: "services and protocols by name and number",
        commands: ["service", "protocol"],
      },
      { id: "3.3", topic: "daytime_cli.pl", commands: ["daytime", "time"] },
      { id: "3.4", topic: "Net::NetmaskLite", commands: ["netmask"] },
      {
        id: "3.5",
        topic: "network analysis tools",
        commands: ["interfaces", "ping", "trace", "sockets"],
      },
    ],
  },
  {
    chapter: "4",
    title: "The TCP Protocol",
    entries: [
      { id: "4.1", topic: "tcp_echo_cli1.pl: a client that counts bytes", commands: ["echo"] },
      { id: "4.2", topic: "tcp_echo_serv1.pl", commands: ["serve echo"] },
      {
        id: "4.3",
        topic: "socket options",
        commands: ["gab --socket-option"],
        library: "socketOptions in ./net",
      },
      { id: "4.4", topic: "exceptional conditions", library: "ConnectError and others in ./net" },
    ],
  },
  {
    chapter: "5",
    title: "The IO::Socket API",
    entries: [
      { id: "5.1", topic: "IO::Socket", library: "Connection, dial in ./net" },
      { id: "5.2", topic: "gab1.pl, gab2.pl: a general line client", commands: ["gab"] },
      { id: "5.3", topic: "web_fetch.pl: a page over a socket", commands: ["fetch"] },
    ],
  },
  {
    chapter: "6",
    title: "FTP and Telnet",
    entries: [
      {
        id: "6.1",
        topic: "Net::FTP, ftp_recent.pl",
        commands: ["ftp ls", "ftp get", "ftp put", "ftp shell"],
        library: "FtpClient in ./ftp",
      },
      { id: "6.2", topic: "ftp_mirror.pl", commands: ["ftp mirror"] },
      { id: "6.3", topic: "an FTP server", commands: ["serve ftp"] },
      {
        id: "6.4",
        topic: "Net::Telnet",
        commands: ["telnet", "telnet run"],
        library: "TelnetClient in ./telnet, RemoteShell in ./dialogue",
      },
      {
        id: "6.5",
        topic: "remoteps.pl, change_passwd.pl",
        commands: ["telnet script"],
        library: "runScript in ./dialogue",
      },
      {
        id: "6.6",
        topic: "a Telnet server",
        commands: ["serve eliza --telnet"],
        library: "TelnetServer, LineTerminal in ./telnet",
      },
    ],
  },
  {
    chapter: "7",
    title: "SMTP: Sending Mail",
    entries: [
      {
        id: "7.1",
        topic: "Net::SMTP, mail programs",
        commands: ["smtp send", "smtp verify"],
        library: "./smtp",
      },
      {
        id: "7.2",
        topic: "MailTools, autoreply.pl",
        commands: ["mail compose", "mail reply", "mail forward", "mail autoreply"],
      },
      {
        id: "7.3",
        topic: "MIME::Tools, simple_mime.pl",
        commands: ["mime build", "mime tree", "mime unpack"],
        library: "./mime",
      },
      { id: "7.4", topic: "mail_recent.pl", commands: ["mail recent"] },
      { id: "7.5", topic: "a mail server", commands: ["serve smtp", "serve lmtp"] },
    ],
  },
  {
    chapter: "8",
    title: "POP, IMAP, and NNTP: Processing Mail and Netnews",
    entries: [
      {
        id: "8.1",
        topic: "Net::POP3, pop_stats.pl",
        commands: ["pop stats", "pop ls", "pop rm"],
        library: "./pop3",
      },
      { id: "8.2", topic: "pop_fetch.pl", commands: ["pop fetch"] },
      {
        id: "8.3",
        topic: "Mail::IMAPClient, imap_stats.pl",
        commands: [
          ...["imap stats", "imap folders", "imap ls", "imap search", "imap fetch"],
          ...[
            "imap copy",
            "imap move",
            "imap flag",
            "imap rm",
            "imap append",
            "imap sync",
            "imap watch",
          ],
        ],
        library: "./imap",
      },
      {
        id: "8.4",
        topic: "servers for POP3 and IMAP",
        commands: ["serve pop3", "serve imap", "serve mail"],
      },
      {
        id: "8.5",
        topic: "Net::NNTP, newsgroup_stats.pl",
        commands: ["news groups", "news list", "news read", "news post"],
        library: "./nntp",
      },
      { id: "8.6", topic: "scan_newsgroups.pl", commands: ["news gateway"] },
      { id: "8.7", topic: "a news server", commands: ["serve nntp"] },
    ],
  },
  {
    chapter: "9",
    title: "Web Clients",
    entries: [
      {
        id: "9.1",
        topic: "get_url.pl, get_url2.pl, get_url3.pl, follow_chain.pl, mirror",
        commands: [
          ...["http get", "http head", "http headers", "http chain", "http mirror"],
          "http delete",
        ],
        library: "UserAgent in ./http",
      },
      {
        id: "9.2",
        topic: "forms and uploads: search_rfc.pl, remote_wc.pl",
        commands: ["http form", "http post", "http put"],
      },
      {
        id: "9.3",
        topic: "proxies, logins, cookies",
        commands: ["http get --proxy", "http get --user", "http get --cookies"],
      },
      {
        id: "9.4",
        topic: "format_html.pl, print_links.pl, mirror_images.pl",
        commands: ["http text", "http links", "http images"],
      },
      { id: "9.5", topic: "a robot that checks links", commands: ["http robot"] },
    ],
  },
  {
    chapter: "10",
    title: "Forking Servers and the inetd Daemon",
    missing: "inetd",
    entries: [
      { id: "10.1", topic: "the psychotherapist server", commands: ["eliza", "serve eliza"] },
      { id: "10.2", topic: "a process for each client", commands: ["serve --model fork"] },
      {
        id: "10.3",
        topic: "daemons: PID file, session, null descriptors, umask",
        commands: ["serve --daemon --pid-file"],
      },
    ],
  },
  {
    chapter: "11",
    title: "Multithreaded Applications",
    entries: [
      { id: "11", topic: "a thread for each client", commands: ["serve --model thread"] },
    ],
  },
  {
    chapter: "12",
    title: "Multiplexed Applications",
    entries: [
      {
        id: "12",
        topic: "select: one thread for all clients",
        commands: ["serve --model multiplex"],
      },
    ],
  },
  {
    chapter: "13",
    title: "Nonblocking I/O",
    entries: [
      { id: "13.1", topic: "IO::Getline, IO::SessionSet", library: "SessionSet in ./servers" },
      { id: "13.3", topic: "web_fetch_p.pl: many at once", commands: ["fetch"] },
    ],
  },
  {
    chapter: "14",
    title: "Bulletproofing Servers",
    missing: "restarts on the same sockets",
    entries: [
      {
        id: "14.1",
        topic: "syslog: messages to a daemon or collector",
        commands: ["log", "serve syslog", "serve --log"],
        library: "SyslogClient in ./syslog",
      },
      {
        id: "14.2",
        topic: "privileges: dropped for good after listening",
        commands: ["serve --user --group"],
      },
      { id: "14.3", topic: "taint mode", library: "Tainted in ./net" },
      { id: "14.4", topic: "chroot", commands: ["serve --chroot"] },
    ],
  },
  {
    chapter: "15",
    title: "Preforking and Prethreading",
    entries: [
      { id: "15.1", topic: "web_serial.pl: a web server", commands: ["serve http"] },
      { id: "15.2", topic: "a pool of processes", commands: ["serve --model prefork"] },
      { id: "15.3", topic: "a pool of threads", commands: ["serve --model prethread"] },
      { id: "15.4", topic: "measuring the models", commands: ["bench models", "bench load"] },
    ],
  },
  {
    chapter: "16",
    title: "IO::Poll",
    entries: [{ id: "16", topic: "gab7.pl: readiness of sources", library: "poll in ./net" }],
  },
  {
    chapter: "17",
    title: "TCP Urgent Data",
    missing: "urgent data, the travesty server",
    entries: [],
  },
  {
    chapter: "18",
    title: "The UDP Protocol",
    entries: [
      { id: "18.1", topic: "udp_daytime_cli.pl", commands: ["daytime --udp", "time --udp"] },
      { id: "18.2", topic: "udp_echo_cli3.pl: time-outs and retries", commands: ["echo --udp"] },
      { id: "18.3", topic: "udp_echo_serv.pl", commands: ["serve echo --udp"] },
    ],
  },
  {
    chapter: "19",
    title: "UDP Servers",
    entries: [
      { id: "19.1", topic: "chat_client.pl, chat_server.pl", commands: ["chat", "serve chat"] },
      { id: "19.2", topic: "dead clients", commands: ["serve chat --idle-timeout"] },
    ],
  },
  {
    chapter: "20",
    title: "Broadcasting",
    entries: [{ id: "20", topic: "finding servers by broadcast", commands: ["discover chat"] }],
  },
  {
    chapter: "21",
    title: "Multicasting",
    entries: [
      { id: "21.1", topic: "groups, TTL, loopback", library: "MulticastReceiver in ./net" },
      {
        id: "21.2",
        topic: "time_of_day_serv.pl, time_of_day_cli.pl",
        commands: ["time-of-day send", "time-of-day receive"],
      },
      {
        id: "21.3",
        topic: "mchat_server.pl, mchat_client.pl",
        commands: ["serve chat --multicast", "chat --multicast"],
      },
    ],
  },
  {
    chapter: "22",
    title: "UNIX-Domain Sockets",
    entries: [
      { id: "22.1", topic: "wrap_serv.pl, wrap_cli.pl", commands: ["serve wrap", "wrap"] },
      {
        id: "22.2",
        topic: "localtime_serv.pl, localtime_cli.pl",
        commands: ["serve localtime", "localtime"],
      },
    ],
  },
  {
    chapter: "A",
    title: "Additional Source Code",
    entries: [
      { id: "A", topic: "Net::NetmaskLite, IO::LineBufferedSet", commands: ["netmask"] },
    ],
  },
  {
    chapter: "B",
    title: "Perl Error Codes and Special Variables",
    entries: [{ id: "B", topic: "system errors", commands: ["ref errors"] }],
  },
  {
    chapter: "C",
    title: "Internet Reference Tables",
    entries: [
      { id: "C", topic: "ports and multicast addresses", commands: ["ref ports", "ref multicast"] },
    ],
  },
];

/**
 * Writes the map of the book, or of one chapter.
 *
 * @param chapter Its number or an appendix's letter; absent for the list of all.
 * @returns Lines of at most 80 columns, without the final line feed.
 * @throws {UsageError} If the book has no such chapter.
 */
export function bookHelp(chapter?: string): string {
  if (chapter !== undefined) return chapterHelp(requireChapter(chapter));
  const rows = BOOK.map((chapter) => [chapter.chapter, lineOf(chapter)] as const);
  return [
    'netwright book: commands for "Network Programming with Perl" (L. Stein, 2001)',
    "",
    "  netwright help book 6",
    "",
    ...definitions(rows),
    "",
    ...wrap(
      "netwright help book CHAPTER has the programs of a chapter; netwright tour CHAPTER runs them here.",
      0,
    ),
  ].join("\n");
}

/** A chapter in the list of all. */
function lineOf({ title, entries, missing }: BookChapter): string {
  const here = entries.length === 0 ? title : `${title}: ${namesOf(entries)}`;
  return missing === undefined ? here : `${here} (not there yet: ${missing})`;
}

/** The commands of a chapter, each once. */
function namesOf(entries: readonly BookEntry[]): string {
  const names = entries.flatMap(({ commands = [], library }) =>
    commands.length > 0 ? commands : library === undefined ? [] : [library]
  );
  return [...new Set(names)].join(", ");
}

function requireChapter(name: string): BookChapter {
  const requested = name.toUpperCase();
  const found = BOOK.find(({ chapter, entries }) =>
    chapter === requested || entries.some(({ id }) => id === requested)
  );
  if (found !== undefined) return found;
  throw new UsageError(
    `the book has chapters 1 to 22 and appendices A to C, not ${JSON.stringify(name)}`,
  );
}

function chapterHelp({ chapter, title, entries, missing }: BookChapter): string {
  const lines = entries.flatMap(({ topic, commands = [], library }) => [
    ...wrap(topic, 2).map((line) => `  ${line}`),
    ...commands.map((command) => `    netwright ${command}`),
    ...(library === undefined ? [] : [`    library: ${library}`]),
  ]);
  return [
    `${/^\d/.test(chapter) ? "Chapter" : "Appendix"} ${chapter}: ${title}`,
    "",
    ...lines,
    ...(missing === undefined ? [] : wrap(`Not there yet: ${missing}.`, 0)),
  ].join("\n");
}

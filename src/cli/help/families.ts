/**
 * The families of commands: each is a folder of `commands/`.
 *
 * @module
 */

/** A family of commands. */
export interface Family {
  /** The name of its folder, and the word after `netwright help`. */
  readonly name: string;
  /** One line for the list of families. */
  readonly summary: string;
  /** A command line that works, without `netwright`. */
  readonly example: string;
  /** The services of `netwright serve` that are its servers. */
  readonly servers?: readonly string[];
}

/** All families, in the order of the list. */
export const FAMILIES: readonly Family[] = [
  {
    name: "ftp",
    summary: "transfer files with FTP and FTPS",
    example: "ftp get ftp://ftp.example.org/pub/README",
    servers: ["ftp"],
  },
  {
    name: "telnet",
    summary: "work on Telnet servers",
    example: "telnet run router.example.org --login ann -- 'show version'",
  },
  {
    name: "smtp",
    summary: "send mail and test mail servers",
    example: "smtp verify smtp://mail.example.org bob@example.org",
    servers: ["smtp", "lmtp"],
  },
  {
    name: "pop",
    summary: "read and fetch POP3 mail",
    example: "pop fetch pop3s://ann@mail.example.org --maildir Mail",
    servers: ["pop3"],
  },
  {
    name: "imap",
    summary: "IMAP mailboxes",
    example: "imap ls imaps://ann@mail.example.org --unseen --since 7d",
    servers: ["imap"],
  },
  {
    name: "news",
    summary: "newsgroups",
    example: "news read nntp://news.a.b/comp.lang.perl.misc --newsrc .newsrc",
    servers: ["nntp"],
  },
  {
    name: "http",
    summary: "resources of the Web",
    example: "http get https://example.org/",
    servers: ["http"],
  },
  {
    name: "mail",
    summary: "write mail",
    example: "mail reply letter.eml --from bob@b.example --body Thanks.",
  },
  {
    name: "mime",
    summary: "take messages apart and build them",
    example: "mime tree letter.eml",
  },
  {
    name: "serve",
    summary: "run servers",
    example: "serve http --root public",
  },
  {
    name: "bench",
    summary: "load-test servers",
    example: "bench load http://127.0.0.1:8080/ --connections 50 --duration 5",
  },
  {
    name: "log",
    summary: "send and collect messages of syslog",
    example: "log -p mail.err disk is full",
    servers: ["syslog"],
  },
  {
    name: "stream",
    summary: "connect programs and terminals with any server",
    example: "gab smtp.example.org:25",
  },
  {
    name: "ask",
    summary: "query small servers",
    example: "daytime time.example.org",
    servers: [
      ...["chargen", "daytime", "discard", "echo", "finger", "localtime", "qotd", "time", "wrap"],
    ],
  },
  {
    name: "chat",
    summary: "chat over UDP and multicast",
    example: "chat ann@127.0.0.1 --join Weather",
    servers: ["chat"],
  },
  {
    name: "multicast",
    summary: "send and receive multicast datagrams",
    example: "time-of-day receive",
  },
  {
    name: "host",
    summary: "diagnose hosts and networks",
    example: "resolve www.example.org",
  },
  {
    name: "ref",
    summary: "look up ports, protocols and system errors",
    example: "service 443",
  },
  {
    name: "about",
    summary: "learn and set up netwright",
    example: "tour",
    servers: ["eliza", "hostile"],
  },
];

/**
 * Topics of `netwright help` that are not commands.
 *
 * @module
 */

/** A topic, before its text is loaded. */
export interface HelpTopic {
  /** The word after `netwright help`. */
  readonly name: string;
  /** One line about it. */
  readonly summary: string;
  /** Loads its text: lines of at most 80 columns. */
  readonly load: () => Promise<string>;
}

/** All topics. */
export const HELP_TOPICS: readonly HelpTopic[] = [
  {
    name: "sandbox",
    summary: "permissions of commands and servers",
    load: async () => (await import("./topics/sandbox.ts")).SANDBOX_TOPIC,
  },
  {
    name: "exit",
    summary: "exit statuses, output and signals",
    load: async () => (await import("./topics/exit.ts")).EXIT_TOPIC,
  },
  {
    name: "credentials",
    summary: "user names, passwords, tokens and certificates",
    load: async () => (await import("./topics/credentials.ts")).CREDENTIALS_TOPIC,
  },
  {
    name: "daemons",
    summary: "servers in the background, as another user, under systemd",
    load: async () => (await import("./topics/daemons.ts")).DAEMONS_TOPIC,
  },
  {
    name: "book",
    summary: "commands for the chapters of Network Programming with Perl",
    load: async () => (await import("./book.ts")).bookHelp(),
  },
];

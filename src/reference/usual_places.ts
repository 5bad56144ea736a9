/**
 * Ports, sockets and groups of the book's own protocols, and the protocols that can start TLS.
 *
 * @module
 */

/** The port of chat servers. */
export const CHAT_PORT = 2027;

/** The port of the groups of chat servers. */
export const CHAT_GROUP_PORT = 2028;

/** The UNIX socket of the server of local times. */
export const LOCALTIME_PATH = "/tmp/localtime";

/** The UNIX socket of the server that wraps text. */
export const WRAP_PATH = "/tmp/wrapserv";

/** The multicast group for the time of day. */
export const TIME_OF_DAY_GROUP = {
  transport: "udp",
  hostname: "224.225.226.227",
  port: 2070,
} as const;

/** Protocols that can go over to TLS, by the names that users give them. */
export const STARTTLS_PROTOCOLS = [
  "smtp",
  "lmtp",
  "imap",
  "pop3",
  "ftp",
  "nntp",
  "sieve",
  "xmpp",
  "ldap",
  "postgres",
] as const;

/**
 * Options that many commands share, so that they are spelled and explained once.
 *
 * @module
 */

import type { OptionSpecs } from "./option_spec.ts";

/** Every command has these. */
export const COMMON_OPTIONS: OptionSpecs = {
  help: { short: "h", help: "show this help" },
  permissions: { help: "print the permissions of the command, without running it" },
  "no-sandbox": { help: "run without narrowing the permissions" },
  json: { help: "one JSON object a line on standard output" },
  quiet: { short: "q", help: "no progress, no remarks" },
  verbose: { short: "v", help: "more detail, and stack traces of failures" },
};

/** Commands that connect to a host have these too. */
export const CONNECTION_OPTIONS: OptionSpecs = {
  timeout: { value: "SECONDS", help: "longest wait (default 30 to connect, 60 after)" },
  ipv4: { short: "4", help: "use IPv4 only" },
  ipv6: { short: "6", help: "use IPv6 only" },
  wire: { help: "show the dialogue on standard error" },
};

/** Commands whose connections last have this: how long only its making may take. */
export const CONNECT_TIMEOUT_OPTION: OptionSpecs = {
  "connect-timeout": {
    value: "SECONDS",
    rare: true,
    help: "longest wait for a connection (default 30, or --timeout)",
  },
};

/** The options of all commands with TLS: trusted certificates, and our own. */
export const TRUST_OPTIONS: OptionSpecs = {
  ca: { value: "FILE", help: "trust this file's certificates (PEM) too" },
  "tls-cert": {
    value: "FILE",
    rare: true,
    help: "our certificate chain (PEM), if the server asks",
  },
  "tls-key": { value: "FILE", rare: true, help: "its private key (PEM)" },
  "insecure-tls": { rare: true, help: "take any certificate; then no password is sent" },
};

/** Commands that connect over a stream have these too. */
export const STREAM_OPTIONS: OptionSpecs = {
  ...CONNECTION_OPTIONS,
  tls: { help: "TLS from the first byte" },
  ...TRUST_OPTIONS,
  "socket-option": {
    value: "NAME=VALUE",
    many: true,
    help: "a socket option, such as noDelay=true",
  },
};

/** Commands of protocols that also speak in datagrams have this. */
export const UDP_OPTION: OptionSpecs = {
  udp: { short: "u", help: "ask in datagrams (UDP)" },
};

/** Commands that read text of the user have this. */
export const CHARSET_OPTIONS: OptionSpecs = {
  charset: { value: "CHARSET", rare: true, help: "charset of the text (default utf-8)" },
};

/**
 * How an FTP client connects and transfers.
 *
 * @module
 */

import { type OptionRules } from "../../../net/internal.ts";
import type {
  HostEndpoint,
  Network,
  RateLimit,
  Tainted,
  TlsMode,
  TlsTrust,
} from "../../../net/mod.ts";
import type { Secret, Transcript } from "../../wire/mod.ts";
import type { FtpFacts } from "../codec/entry.ts";

/** Called with a line of a listing that is not understood. */
export type OnUnknownLine = (line: Tainted<string>) => void;

/** How a folder is listed. */
export interface FtpListOptions {
  /** Called with each line that is not understood; if absent, listing fails at its end. */
  readonly onUnknown?: OnUnknownLine | undefined;
}

/** Options of an FTP client. */
export interface FtpClientOptions {
  /** Where to connect. @default {systemNetwork()} */
  readonly network?: Network | undefined;
  /** The user's name. @default {the one in the URL, else "anonymous"} */
  readonly user?: string | undefined;
  /** The password. @default {the one in the URL; of anonymous users something like a mail address} */
  readonly password?: string | Secret | undefined;
  /** An account (ACCT), which few servers ask for. */
  readonly account?: string | undefined;
  /**
   * Whether TLS is spoken, on data connections too: from the first byte, after AUTH TLS (`starttls`, RFC 4217), or not
   * at all. @default {as the URL says, else "none"}
   */
  readonly tls?: TlsMode | undefined;
  /** Trusted authorities, and a client certificate. */
  readonly trust?: TlsTrust | undefined;
  /**
   * Who connects for data: the client (EPSV, PASV), or the server (EPRT, PORT), which then needs to reach us.
   * @default {"passive"}
   */
  readonly mode?: "passive" | "active" | undefined;
  /** The address that is sent to the server in active mode, behind a router; the connection's own if absent. */
  readonly activeAddress?: string | undefined;
  /** Encoding of names; `latin1` keeps the bytes of any encoding. @default {"utf-8"} */
  readonly encoding?: "utf-8" | "latin1" | undefined;
  /** Whether a password may go in clear text to a host other than this one. @default {false} */
  readonly insecureAuth?: boolean | undefined;
  /** Longest time to connect, in milliseconds. @default {30_000} */
  readonly connectTimeoutMs?: number | undefined;
  /** Longest silence of either connection, in milliseconds. @default {60_000} */
  readonly timeoutMs?: number | undefined;
  /** How often the control connection is kept awake during a transfer (NOOP), in milliseconds. @default {30_000} */
  readonly keepAliveMs?: number | undefined;
  /** How many minutes the server's clock is ahead of UTC, for listings for people. @default {0} */
  readonly zoneMinutes?: number | undefined;
  /** Most entries of one listing. @default {1_000_000} */
  readonly maxEntries?: number | undefined;
  /** Aborting it closes both connections. */
  readonly signal?: AbortSignal | undefined;
  /** Where the dialogue is recorded. */
  readonly transcript?: Transcript | undefined;
}

/** Validation rules. */
export const FTP_CLIENT_RULES: OptionRules<FtpClientOptions> = {
  network: "any",
  user: "any",
  password: "any",
  account: "any",
  tls: ["none", "starttls", "implicit"],
  trust: "any",
  mode: ["passive", "active"],
  activeAddress: "any",
  encoding: ["utf-8", "latin1"],
  insecureAuth: "any",
  connectTimeoutMs: "time",
  timeoutMs: "time",
  keepAliveMs: "time",
  zoneMinutes: "any",
  maxEntries: "count",
  signal: "signal",
  transcript: "any",
};

/** How a file is fetched. */
export interface FetchOptions {
  /** Where to begin, in bytes (REST). @default {0} */
  readonly offset?: number | undefined;
  /** As text: the server's line ends become LF. @default {false} */
  readonly text?: boolean | undefined;
  /** Called before the first piece with the facts of `FtpClient.facts`, mostly without a round trip for it. */
  readonly onFacts?: ((facts: FtpFacts) => void) | undefined;
}

/** How a file is stored. */
export interface StoreOptions extends Omit<FetchOptions, "onFacts"> {
  /** Whether to append to an existing file (APPE). @default {false} */
  readonly append?: boolean | undefined;
}

/** How a file is copied to another server. */
export interface CopyOptions {
  /** Maximum duration in milliseconds: the progress is unknown. @default {3_600_000} */
  readonly timeoutMs?: number | undefined;
}

/** The same, with the server. */
export interface FtpSessionOptions extends FtpClientOptions {
  /** Where to connect. */
  readonly network: Network;
  /** The server. */
  readonly endpoint: HostEndpoint;
}

/** How a file is downloaded. */
export interface DownloadOptions {
  /** Whether to resume an earlier attempt from the partial file. @default {false} */
  readonly resume?: boolean | undefined;
  /** Limits the rate. */
  readonly limit?: RateLimit | undefined;
  /** Aborting it ends the transfer with the next piece (ABOR); the client's own `signal` ends the session at once. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called with each piece that was received.
   * @param done Bytes of the file that are there.
   * @param total Its size in bytes; undefined if the server does not report it.
   * @param bytes Bytes of this piece.
   */
  readonly onProgress?:
    | ((done: number, total: number | undefined, bytes: number) => void)
    | undefined;
}

/** Validation rules. */
export const DOWNLOAD_RULES: OptionRules<DownloadOptions> = {
  resume: "any",
  limit: "any",
  signal: "signal",
  onProgress: "any",
};

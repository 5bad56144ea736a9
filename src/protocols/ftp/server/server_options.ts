/**
 * How an FTP server's session goes.
 *
 * @module
 */

import type { Network } from "../../../net/mod.ts";
import type { FileTree } from "../../../stores/mod.ts";
import type { FtpFault } from "./fault.ts";
import type { Transcript } from "../../wire/mod.ts";

/** A logged-in user. */
export interface FtpUser {
  /** The user's tree; its root is the user's root. */
  readonly tree: FileTree;
  /** Whether they may change anything. */
  readonly canWrite: boolean;
}

/** A transfer that was made, or was not. */
export interface FtpTransferRecord {
  /** Who. */
  readonly user: string;
  /** The verb: RETR, STOR, APPE, STOU. */
  readonly verb: string;
  /** The file, from the user's root. */
  readonly path: string;
  /** Bytes that went over the data connection. */
  readonly bytes: number;
  /** Milliseconds. */
  readonly ms: number;
  /** Whether all of it was transferred. */
  readonly complete: boolean;
}

/** Options of a session. */
export interface FtpServerOptions {
  /** Where data connections are made. */
  readonly network: Network;
  /**
   * Lets a user in.
   * @param user The name.
   * @param password The given password.
   * @returns The user's access; undefined to refuse.
   */
  authenticate(user: string, password: string): Promise<FtpUser | undefined>;
  /** The text of the greeting. @default {"ready"} */
  readonly greeting?: string | undefined;
  /** Certificate and key; without them TLS is refused. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Whether the connection is in TLS already (implicit FTPS). @default {false} */
  readonly isSecure?: boolean | undefined;
  /** Whether only anonymous users may log in without TLS. @default {false} */
  readonly requireTls?: boolean | undefined;
  /** The address that listens for data connections; that of the control connection if absent. */
  readonly dataHost?: string | undefined;
  /** The ports for that, first and last; any if absent. */
  readonly passivePorts?: readonly [first: number, last: number] | undefined;
  /** The address that PASV names, for clients behind a router; that of the control connection if absent. */
  readonly publicAddress?: string | undefined;
  /** Whether the server connects to clients that ask for it (PORT, EPRT). @default {true} */
  readonly active?: boolean | undefined;
  /** Wrong passwords that are borne. @default {3} */
  readonly maxLogins?: number | undefined;
  /** Longest wait for a data connection, in milliseconds. @default {30_000} */
  readonly dataMs?: number | undefined;
  /** Longest silence of a data connection, in milliseconds. @default {120_000} */
  readonly idleTimeoutMs?: number | undefined;
  /** What goes wrong, for tests of clients. @default {nothing} */
  readonly faults?: readonly FtpFault[] | undefined;
  /** Called for each transfer. */
  readonly onTransfer?: ((record: FtpTransferRecord) => void) | undefined;
  /** Called with each unexpected error; the client gets `451`. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Called now and then while the client is busy with data, so that it does not count as idle. */
  readonly onBusy?: (() => void) | undefined;
  /** Counts bytes. */
  readonly traffic?: { received: number; sent: number } | undefined;
  /** Aborting it ends the session. */
  readonly signal?: AbortSignal | undefined;
  /** Registers the reply before the caller closes the connection. */
  readonly beforeClosing?:
    | ((say: (reason: "idle" | "session" | "shutdown") => Promise<void>) => void)
    | undefined;
  /** Where the dialogue is recorded. */
  readonly transcript?: Transcript | undefined;
}

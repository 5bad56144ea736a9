/**
 * What servers of mailboxes have in common: users who log in, and how the session is served.
 *
 * @module
 */

import type { Transcript } from "../wire/mod.ts";
import type { SaslUsers } from "./mechanism.ts";

/** How a server lets users log in and serves them. */
export interface LoginServerOptions {
  /** The users. Some mechanisms, and APOP, require their passwords, others only hashes. */
  readonly users: SaslUsers;
  /** The server's name, in its greeting. @default {"localhost"} */
  readonly name?: string | undefined;
  /** Certificate and key in PEM, for STARTTLS. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Whether the connection is inside TLS already. @default {false} */
  readonly isSecure?: boolean | undefined;
  /** Whether passwords may come in clear text. @default {false} */
  readonly insecureAuth?: boolean | undefined;
  /** Maximum number of failed attempts to log in. @default {3} */
  readonly maxFailures?: number | undefined;
  /** Longest silence of the client, in milliseconds. @default {that of the protocol} */
  readonly timeoutMs?: number | undefined;
  /** Aborting it ends the session. */
  readonly signal?: AbortSignal | undefined;
  /** Registers the last words before the caller closes the connection. */
  readonly beforeClosing?:
    | ((say: (reason: "idle" | "session" | "shutdown") => Promise<void>) => void)
    | undefined;
  /** Where the dialogue is recorded, without literals. */
  readonly transcript?: Transcript | undefined;
  /** Called for each attempt to log in that fails, with the name that was given; not to be trusted. */
  readonly onRefused?: ((user: string) => void) | undefined;
  /** Called for errors that are not the client's. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

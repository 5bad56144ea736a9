/**
 * The configuration of an FTP server.
 *
 * @module
 */

import type { StoredUser } from "../../stores/mod.ts";
import type { ServiceTls } from "../core/service.ts";

/** The tree, the users, and the limits. */
export interface FtpConfiguration {
  /** The folder; in memory if absent. */
  readonly root: string | undefined;
  /** Who may log in. */
  readonly users: Readonly<Record<string, StoredUser>>;
  /** What anybody may do. */
  readonly anonymous: "no" | "read" | "write";
  /** Whether any user may write. */
  readonly mayWrite: boolean;
  /** Ports of data connections. */
  readonly passivePorts: readonly [first: number, last: number] | undefined;
  /** What PASV says, behind a router. */
  readonly publicAddress: string | undefined;
  /** Whether data connections are made to any address, and not only to the client's. */
  readonly connectsAnywhere: boolean;
  /** The address that is listened on, for data connections too. */
  readonly dataHost: string | undefined;
  /** Faults for tests of clients. */
  readonly fault: string | undefined;
  /** Where transfers are noted. */
  readonly transferLog: string | undefined;
  /** Certificate and key. */
  readonly tls: ServiceTls | undefined;
  /** Whether TLS has begun already. */
  readonly isSecure: boolean;
}

/**
 * The common state of the verbs of a session.
 *
 * @module
 */

import type { Connection } from "../../../net/mod.ts";
import { CommandSession } from "../../wire/mod.ts";
import { DataSide } from "./_data_side.ts";
import { resolvePath } from "./_paths.ts";
import { ServerTransfers } from "./_transfers.ts";
import type { FtpServerOptions, FtpUser } from "./server_options.ts";

/** Implements a verb, with its argument as the client wrote it. */
export type FtpVerb = (argument: string) => Promise<"quit" | void>;

/** The common state of the verbs of a session. */
export class FtpServerState {
  readonly options: FtpServerOptions;
  readonly session: CommandSession;
  readonly side: DataSide;
  readonly transfers: ServerTransfers;
  /** Whether the control connection is in TLS. */
  isSecure: boolean;
  /** Who was named by USER. */
  userName = "";
  /** The logged-in user. */
  user: FtpUser | undefined;
  /** The current folder. */
  folder: readonly string[] = [];
  /** Text or bytes. */
  type: "A" | "I" = "A";
  /** Where the next transfer begins. */
  offset = 0;
  /** What RNFR named. */
  renaming: readonly string[] | undefined;
  /** Facts that MLSD lists. */
  facts: ReadonlySet<string> = new Set(["type", "size", "modify", "perm", "unix.mode", "x.target"]);

  constructor(connection: Connection, options: FtpServerOptions) {
    this.options = options;
    this.isSecure = options.isSecure ?? false;
    this.session = new CommandSession(connection, {
      style: "ftp",
      // The server ends silent sessions; a client that transfers is silent here.
      timeoutMs: Infinity,
      maxLineBytes: 8192,
      signal: options.signal,
      transcript: options.transcript,
      exactArguments: true,
      secretVerbs: ["PASS", "ACCT"],
      // ABOR comes as a Synch (RFC 959 §4.1.3). Inside implicit TLS there is none.
      urgentData: options.isSecure === true
        ? undefined
        : { mayInterrupt: () => this.transfers.isBusy },
    });
    this.side = new DataSide(options, () => this.session.connection);
    this.transfers = new ServerTransfers(this.session, this.side, options);
  }

  /** The files of the logged-in user. */
  get tree(): FtpUser["tree"] {
    return this.user!.tree;
  }

  /** Where a path leads. */
  resolve(path: string): string[] {
    return resolvePath(this.folder, path);
  }

  /** Answers. */
  reply(code: number, ...lines: readonly string[]): Promise<void> {
    return this.session.reply(code, ...lines);
  }
}

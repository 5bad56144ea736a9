/**
 * Plans of `news` commands that several modules execute.
 *
 * @module
 */

import type { Capabilities } from "../../net/mod.ts";
import type { AttachmentPlan } from "../mail/attachment_options.ts";
import type { SmtpServerPlan } from "../mail/smtp_options.ts";
import type { NewsPlan } from "./options.ts";

/** The server, and how news is read. */
export interface ReadPlan extends AttachmentPlan {
  /** The server, with the group. */
  readonly server: NewsPlan;
  /** What all of it needs. */
  readonly needs: Capabilities;
  /** Articles to be printed; news is read at the terminal if there are none. */
  readonly articles: readonly string[];
  /** Whether they are printed undecoded. */
  readonly raw: boolean;
  /** The file of read articles. */
  readonly newsrc: string | undefined;
  /** Whether articles that were read are listed too. */
  readonly all: boolean;
  /** How many of the newest articles are listed. */
  readonly last: number;
  /** Who replies. */
  readonly from: string | undefined;
  /** The server for replies by mail. */
  readonly mail: SmtpServerPlan | undefined;
}

/** Where mails go. */
export type GatewayTarget =
  | {
    readonly kind: "smtp";
    readonly mail: SmtpServerPlan;
    readonly sender: string;
    readonly to: readonly string[];
  }
  | { readonly kind: "maildir"; readonly path: string }
  | { readonly kind: "print" };

/** The server, the articles, and where they go. */
export interface GatewayPlan {
  /** The server. */
  readonly server: NewsPlan;
  /** What all of it needs. */
  readonly needs: Capabilities;
  /** The groups. */
  readonly wildmat: string;
  /** Patterns: of each kind that is given, one must match. */
  readonly patterns: {
    readonly subject: readonly string[];
    readonly from: readonly string[];
    readonly body: readonly string[];
  };
  /** Where mails go. */
  readonly target: GatewayTarget;
  /** The file of sent articles; nothing is remembered if absent. */
  readonly memory: string | undefined;
  /** Whether articles are sent that were there before. */
  readonly all: boolean;
  /** Whether several go in one mail. */
  readonly digest: boolean;
  /** Whether they are only listed. */
  readonly dryRun: boolean;
  /** Time from one run to the next, in milliseconds; one run only if absent. */
  readonly everyMs: number | undefined;
  /** Largest article, in bytes. */
  readonly maxBytes: number | undefined;
}

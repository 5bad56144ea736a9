/**
 * Groups, rights and limits of a news server.
 *
 * @module
 */

import type { NewsStore } from "../../../stores/mod.ts";
import type { LoginServerOptions } from "../../sasl/mod.ts";

/** A client's rights in a group. */
export interface GroupAccess {
  /** Whether it may read the group; else it does not see it. */
  readonly read: boolean;
  /** Whether it may post to the group. */
  readonly post: boolean;
  /** Whether it may approve articles, as the moderator of the group. */
  readonly approve: boolean;
}

/** An article for a moderated group, before a moderator has approved it. */
export interface NewsSubmission {
  /** The moderated group. */
  readonly group: string;
  /** Its identifier, with brackets. */
  readonly messageId: string;
  /** Its text, lines ending with CRLF. */
  readonly text: AsyncIterable<Uint8Array>;
}

/** An article that was posted or taken from another server. */
export interface PostedArticle {
  /** Its identifier, with brackets. */
  readonly messageId: string;
  /** The user who posted it; undefined without a login. */
  readonly user: string | undefined;
  /** The groups that it is in now. */
  readonly groups: readonly string[];
}

/** How {@link handleNntp} serves. */
export interface NntpServerOptions extends Omit<LoginServerOptions, "users"> {
  /** The groups and articles. */
  readonly store: NewsStore;
  /** The users; logins are refused if absent. */
  readonly users?: LoginServerOptions["users"] | undefined;
  /** What requires a login: nothing, posting, or everything. @default {"nothing"} */
  readonly loginFor?: "nothing" | "posting" | "everything" | undefined;
  /** Whether articles may be posted at all. @default {true} */
  readonly posting?: boolean | undefined;
  /** Whether other servers may feed articles: IHAVE, CHECK, TAKETHIS. @default {false} */
  readonly feeding?: boolean | undefined;
  /**
   * Returns a client's rights in a group.
   * @param group Its name.
   * @param user The user who has logged in; undefined without a login.
   * @returns The rights. By default all read and post, and every user who has logged in approves, or everybody where logins are not offered.
   */
  access?(group: string, user: string | undefined): GroupAccess;
  /**
   * Takes an article for the moderator of a group. Without it, such articles are refused.
   */
  submit?(submission: NewsSubmission): Promise<void>;
  /** Largest article that is taken, in bytes. @default {26_214_400} */
  readonly maxArticleBytes?: number | undefined;
  /** How many groups an article may be posted to at once. @default {20} */
  readonly maxGroups?: number | undefined;
  /** Age of an article, in milliseconds by its date, from which it is not taken any more. @default {Infinity} */
  readonly maxAgeMs?: number | undefined;
  /** Called for each article that was taken. */
  readonly onArticle?: ((article: PostedArticle) => void) | undefined;
  /** The time now; a test gives its own. @default {the system's} */
  readonly now?: (() => Date) | undefined;
}

/**
 * Options of commands that speak NNTP, and their capabilities.
 *
 * @module
 */

import { type Capabilities, UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { Host } from "../command/host.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import { LOGIN_OPTIONS, type LoginPlan, planLogin } from "../login/options.ts";

/** All `news` commands have these. */
export const NEWS_OPTIONS: OptionSpecs = {
  ...LOGIN_OPTIONS,
  user: { ...LOGIN_OPTIONS.user!, rare: true },
  "password-file": { ...LOGIN_OPTIONS["password-file"]!, rare: true },
  starttls: { rare: true, help: "STARTTLS, or do not log in" },
  compress: { rare: true, help: "compress the dialogue, if the server can" },
};

/** A news server, and how it is talked to. */
export interface NewsPlan extends LoginPlan {
  /** The group that the URL names; undefined if it names none. */
  readonly group: string | undefined;
  /** The article that the URL names, by its number or identifier; undefined if it names none. */
  readonly article: string | undefined;
  /** Whether the dialogue is compressed. */
  readonly compress: boolean;
}

/**
 * Plans to talk to a server.
 *
 * @param args The command line.
 * @param host Looks names up.
 * @param url The server: `nntp://`, `nntps://` (TLS at once), `news://`, or a bare host; its path is a group, a group and
 *   a number, or the identifier of an article (RFC 5538).
 * @returns The plan, and its capabilities.
 * @throws {UsageError} If the URL or an option makes no sense.
 */
export async function planNews(
  args: Arguments,
  host: Host,
  url: string,
): Promise<{ readonly server: NewsPlan; readonly needs: Capabilities }> {
  const schemes = ["nntp", "nntps", "news", "snews"];
  const { server, needs } = await planLogin(args, host, url, { schemes, defaultPort: 119 });
  return {
    server: { ...server, ...partsOf(server.target.path), compress: args.has("compress") },
    needs,
  };
}

function partsOf(path: string): Pick<NewsPlan, "group" | "article"> {
  let text: string;
  try {
    text = decodeURIComponent(path.replace(/^\//, ""));
  } catch {
    throw new UsageError(`${JSON.stringify(path)} is not the path of a URL: % is written %25`);
  }
  if (text === "") return { group: undefined, article: undefined };
  // The brackets of an identifier are left out in URLs (RFC 5538 §2.2).
  if (text.includes("@")) {
    return { group: undefined, article: text.startsWith("<") ? text : `<${text}>` };
  }
  const [group, number, ...rest] = text.split("/");
  if (rest.length > 0 || (number !== undefined && !/^\d{1,16}$/.test(number))) {
    throw new UsageError("the path of a news URL is GROUP, GROUP/NUMBER or a message ID");
  }
  return { group, article: number };
}

/**
 * Takes the group from the URL or from an operand.
 *
 * @param server The server.
 * @param operand The operand, if there is one.
 * @returns The server with the group.
 * @throws {UsageError} If both name one.
 */
export function withGroup(server: NewsPlan, operand: string | undefined): NewsPlan {
  if (operand === undefined) return server;
  if (server.group !== undefined) throw new UsageError("the URL names a group already");
  return { ...server, group: operand };
}

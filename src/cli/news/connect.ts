/**
 * News servers of `news` commands.
 *
 * @module
 */

import { ReplyError } from "../../net/mod.ts";
import { NntpClient } from "../../protocols/nntp/mod.ts";
import type { Context } from "../command/context.ts";
import { type LoginOptions, loginOptions } from "../login/client.ts";
import { printErrorLine } from "../terminal/failure.ts";
import type { NewsPlan } from "./options.ts";

/** Maximum size of an article, in bytes. */
const MAX_ARTICLE_BYTES = 4 * 1024 ** 3;

/** A server, and the number of its malformed lines. */
export interface OpenNews {
  /** The client. */
  readonly client: NntpClient;
  /** How many lines of lists were malformed, and left out. */
  malformed(): number;
}

/**
 * Connects, and logs in if a user is named.
 *
 * @param server The server, and how to log in.
 * @param context Where the command runs.
 * @returns The client.
 */
export async function openNews(server: NewsPlan, context: Context): Promise<OpenNews> {
  return await newsOpener(server, context)();
}

/**
 * Prepares to connect many times: a password is asked for once.
 *
 * @param server The server, and how to log in.
 * @param context Where the command runs.
 * @returns Connects and logs in.
 */
export function newsOpener(server: NewsPlan, context: Context): () => Promise<OpenNews> {
  let options: LoginOptions | undefined;
  return async () => {
    options ??= await loginOptions(server, context);
    let malformed = 0;
    const client = await NntpClient.connect(server.target.endpoint, {
      ...options,
      compress: server.compress,
      maxArticleBytes: MAX_ARTICLE_BYTES,
      onMalformed: (line) => {
        malformed++;
        void printErrorLine(`the server sent a malformed line: ${line}`, "news", context.stderr);
      },
    });
    return { client, malformed: () => malformed };
  };
}

/**
 * Checks the code of a refusal.
 *
 * @param error The error.
 * @param codes The codes that mean it.
 * @returns Whether it does.
 */
export function isRefusal(error: unknown, ...codes: readonly number[]): error is ReplyError {
  return error instanceof ReplyError && codes.includes(error.code as number);
}

/**
 * Response codes in the text of a reply (RFC 2449 §8, RFC 3206).
 *
 * @module
 */

import { type ReplyError, verbatim } from "../../../net/mod.ts";

/**
 * Reads the response code of a refusal, such as `IN-USE` for a mailbox that another session has open, `LOGIN-DELAY`,
 * `AUTH` for wrong credentials, `SYS/TEMP` and `SYS/PERM` for faults of the server.
 *
 * @param error The refusal.
 * @returns The code in upper case; undefined if there is none.
 *
 * @example Try again later
 * ```ts
 * import { ReplyError } from "@netwright/netwright/net";
 * import { pop3ResponseCode } from "@netwright/netwright/pop3";
 * function isTemporary(error: unknown): boolean {
 *   return error instanceof ReplyError &&
 *     ["IN-USE", "LOGIN-DELAY", "SYS/TEMP"].includes(pop3ResponseCode(error) ?? "");
 * }
 * ```
 */
export function pop3ResponseCode(error: ReplyError): string | undefined {
  const text = error.lines[0]?.validate(verbatim) ?? "";
  return /^[ \t]*\[([!-Z^-~]{1,100})[^\]]*\]/.exec(text)?.[1]?.toUpperCase();
}

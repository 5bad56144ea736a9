/**
 * The client waits for news: IDLE (RFC 2177).
 *
 * @module
 */

import { trimBlanks } from "../../../net/internal.ts";
import { type CommandResult, type ImapSession, isOfClient, refusalOf } from "../server/session.ts";

/**
 * `IDLE`
 *
 * @param session The session.
 * @returns The result; undefined if the client is gone.
 */
export async function idle(session: ImapSession): Promise<CommandResult | undefined> {
  const { connection, view } = session;
  await connection.line("+ idling");
  await session.report(true, false);
  await connection.flush();
  let failure: { readonly error: unknown } | undefined;
  let isDone = false;
  /** The report under way, if any, and whether another is due. */
  let reporting: Promise<void> | undefined;
  let isChanged = false;
  const report = async (): Promise<void> => {
    try {
      while (isChanged && !isDone) {
        isChanged = false;
        await session.report(true, false);
        await connection.flush();
      }
    } catch (error) {
      failure ??= { error };
      changed.resolve();
    } finally {
      reporting = undefined;
    }
  };
  const changed = Promise.withResolvers<void>();
  using _watch = view?.folder.onChange(() => {
    isChanged = true;
    reporting ??= report();
  });
  const line = session.reader.line();
  await Promise.race([line, changed.promise]);
  isDone = true;
  await reporting;
  if (failure !== undefined) {
    // The client's line is still awaited: no other command can be read, so that the session ends here.
    line.catch(() => {});
    const { error } = failure;
    if (isOfClient(error)) throw error;
    if (refusalOf(error) === undefined) session.options.onError?.(error);
    await connection.sayGoodbye("[UNAVAILABLE] the selected mailbox is gone");
    return undefined;
  }
  const text = await line;
  if (text === undefined) return undefined;
  return /^done$/i.test(trimBlanks(text))
    ? { status: "OK", text: "done" }
    : { status: "BAD", text: "IDLE ends with DONE" };
}

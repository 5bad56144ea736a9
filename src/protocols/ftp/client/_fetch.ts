/**
 * The bytes of a remote file.
 *
 * @module
 */

import { command, type Reply } from "../../wire/mod.ts";
import { decodeNvt } from "../codec/text.ts";
import { type FtpAttributes, readFacts, sizeAndTime } from "./_attributes.ts";
import type { Questions } from "./_data_connection.ts";
import { checked, type FtpRequests } from "./_requests.ts";
import type { FetchOptions } from "./client_options.ts";

/** Fetches a file, as `FtpClient.fetch` does; leaving early ends the transfer. */
export async function* pieces(
  requests: FtpRequests,
  attributes: FtpAttributes,
  path: string,
  options: FetchOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  requests.assertIdle();
  const { offset, text = false, onFacts } = checked(options);
  let questions: Questions | undefined;
  if (onFacts !== undefined) {
    // SIZE counts bytes, not text.
    if (!text && await attributes.hasSizeAndTime()) {
      const onReplies = (replies: readonly Reply[]): void => onFacts(readFacts(replies));
      questions = { lines: sizeAndTime(path), onReplies };
    } else onFacts(await attributes.facts(path));
  }
  const line = command`RETR ${path}`;
  const fetched = requests.transfers.fetch({ line, offset, type: text ? "A" : "I", questions });
  yield* text ? decodeNvt(fetched) : fetched;
}

/**
 * Downloads into local files: complete, or not at all; resumed only if it is still the same resource.
 *
 * @module
 */

import { checkOptions, delay, type OptionRules, pump, toFileError } from "../../../net/internal.ts";
import { DisconnectedError, LimitError, type RateLimit } from "../../../net/mod.ts";
import {
  modifiedAt,
  openPartialFile,
  type PartialFile,
  writeOrigin,
} from "../../../stores/internal.ts";
import { formatHttpDate, parseHttpDate } from "../codec/date.ts";
import type { ClientResponse } from "./client_response.ts";
import { type EarlierAttempt, earlierAttempt, isSame, originOf, sameTail } from "./resume.ts";
import { mayPass, retryDelay } from "./retry.ts";
import { statusError } from "./status_error.ts";
import type { UserAgent } from "./user_agent.ts";
import { REQUEST_RULES, type RequestOptions } from "./user_agent_options.ts";

/** How a resource becomes a file. */
export interface WebDownloadOptions extends Omit<RequestOptions, "onBytes"> {
  /** The method. @default {"GET"} */
  readonly method?: string | undefined;
  /**
   * Whether an earlier attempt is resumed, if the server can and the resource is the same. A complete file is left as it
   * is unless the resource has changed.
   * @default {false}
   */
  readonly resume?: boolean | undefined;
  /** Whether nothing is done if the resource has not changed since the file did. @default {false} */
  readonly onlyIfChanged?: boolean | undefined;
  /** Whether the file gets the resource's time. @default {true} */
  readonly keepTime?: boolean | undefined;
  /** Most bytes; a larger resource is refused, if the server says how large it is before it begins. @default {Infinity} */
  readonly maxBytes?: number | undefined;
  /** Bytes a second. */
  readonly limit?: RateLimit | undefined;
  /** How often a response that breaks off is gone on with. @default {0} */
  readonly retries?: number | undefined;
  /** Whether the file waits to be on the disk. @default {true} */
  readonly synced?: boolean | undefined;
  /** Called with the bytes that are there, how many there will be, and how many came now. */
  readonly onProgress?:
    | ((done: number, total: number | undefined, bytes: number) => void)
    | undefined;
  /** Decides about the file when the response has come, such as by the name that the server gives it. */
  readonly fileFor?: ((response: ClientResponse) => string | Promise<string>) | undefined;
}

const RULES: OptionRules<WebDownloadOptions> = {
  ...REQUEST_RULES,
  method: "any",
  resume: "flag",
  onlyIfChanged: "flag",
  keepTime: "flag",
  maxBytes: "whole",
  limit: "any",
  retries: "whole",
  synced: "flag",
  onProgress: "any",
  fileFor: "any",
};

/** What came of a download. */
export interface WebDownload {
  /** The file. */
  readonly file: string;
  /** How many bytes it has. */
  readonly bytes: number;
  /** How many of them were there already. */
  readonly resumedFrom: number;
  /** Whether it was left as it was, because the resource has not changed. */
  readonly isUnchanged: boolean;
  /** The response: its fields, where it came from and how long that took; its body is gone. */
  readonly response: ClientResponse;
}

/** Shorter resources are asked for again as a whole. */
const SHORT_BYTES = 256 * 1024;

/**
 * Downloads a resource into a file, which is there when it is complete.
 *
 * @param agent The user agent.
 * @param url The resource.
 * @param file The file.
 * @param options Whether to resume, the rate, and a callback for progress.
 * @returns The file and its size.
 * @throws {ReplyError} If the server's answer is none of success; its code is the status.
 * @throws {DisconnectedError} If the response was cut off; the beginning is kept for another attempt.
 * @throws {LimitError} If the resource is too large.
 *
 * @example A large file, in several attempts
 * ```ts
 * import { downloadTo, UserAgent } from "@netwright/netwright/http";
 * async function fetchImage(url: string): Promise<number> {
 *   using agent = new UserAgent({ retries: 3, compression: false });
 *   return (await downloadTo(agent, url, "image.iso", { resume: true })).bytes;
 * }
 * ```
 */
export async function downloadTo(
  agent: UserAgent,
  url: string | URL,
  file: string,
  options: WebDownloadOptions = {},
): Promise<WebDownload> {
  checkOptions(options, RULES);
  const { retries = 0 } = options;
  for (let attempt = 0;; attempt++) {
    try {
      return await once(agent, url, file, attempt === 0 ? options : { ...options, resume: true });
    } catch (error) {
      // The user agent repeats what broke off before the response; here it was within the body.
      if (attempt >= retries || !mayPass("GET", error) || options.signal?.aborted) throw error;
      await delay(retryDelay(attempt + 1, undefined), options.signal);
    }
  }
}

async function once(
  agent: UserAgent,
  url: string | URL,
  file: string,
  options: WebDownloadOptions,
): Promise<WebDownload> {
  const { resume = false, onlyIfChanged = false, method = "GET", fields = [] } = options;
  const { signal, timeoutMs, body, onHop, onProvisional, onSent } = options;
  const isRanged = fields.some(([name]) => name.toLowerCase() === "range");
  const known = resume && !isRanged ? await earlierAttempt(file, `${url}`) : undefined;
  const more: [string, string][] = [];
  if (known !== undefined) {
    more.push(["Range", `bytes=${known.from}-`]);
    if (known.validator !== undefined) more.push(["If-Range", known.validator]);
  } else if (onlyIfChanged || resume) {
    const modified = await modifiedAt(file);
    if (modified !== undefined) {
      more.push(["If-Modified-Since", formatHttpDate(new Date(modified))]);
    }
  }
  const ask = (added: [string, string][]): Promise<ClientResponse> =>
    agent.request(method, url, {
      ...{ signal, timeoutMs, body, onHop, onProvisional, onSent },
      fields: [...fields, ...added],
    });
  let response = await ask(more);
  if (response.status === 304 && known === undefined && more.length > 0) {
    response.close();
    return { file, bytes: 0, resumedFrom: 0, isUnchanged: true, response };
  }
  if (known !== undefined) {
    const done = await resumed(response, known, file, options);
    if (done !== undefined) return done;
    // The server has another version, or cannot resume: it may have sent all of it already.
    if (response.status !== 200) {
      response.close();
      response = await ask([]);
    }
  }
  await using _ = response;
  const isPart = response.status === 206;
  if (!response.ok || (isPart && !isRanged)) throw statusError(response);
  const target = await options.fileFor?.(response) ?? file;
  refuseLarge(response, options.maxBytes);
  await using partial = await openPartialFile(target, { resume: false });
  // What comes at once needs no second attempt.
  const isShort = (response.contentLength ?? Infinity) <= SHORT_BYTES;
  const origin = isPart || (isShort && !resume) ? undefined : originOf(response, `${url}`);
  if (origin !== undefined) await writeOrigin(target, origin);
  await partial.restart();
  try {
    const whole = finish(response, partial, target, 0, response.contentLength, options);
    return await (origin === undefined ? whole : ended(target, whole));
  } catch (error) {
    // Nobody could go on with it.
    if (origin === undefined) await partial.restart().catch(() => {});
    throw error;
  }
}

/** Goes on with an attempt; undefined if that cannot be, and the file is to begin anew. */
async function resumed(
  response: ClientResponse,
  known: EarlierAttempt,
  file: string,
  options: WebDownloadOptions,
): Promise<WebDownload | undefined> {
  const { origin, bytes, from, validator } = known;
  const range = /^bytes (?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15}|\*)$/.exec(
    response.headers.get("content-range") ?? "",
  );
  const total = range === null || range[3] === "*" ? undefined : Number(range[3]);
  if (response.status === 416 && total === bytes && isSame(response.headers, origin)) {
    // Nothing is missing but the end of the last attempt.
    response.close();
    await using partial = await openPartialFile(file, { resume: true });
    return await ended(file, finish(response, partial, file, bytes, bytes, options));
  }
  if (response.status !== 206 || range === null || Number(range[1]) !== from) return undefined;
  if (validator === undefined && total !== origin.bytes) return undefined;
  if (!isSame(response.headers, origin)) return undefined;
  await using partial = await openPartialFile(file, { resume: true });
  if (partial.size !== bytes) return undefined;
  if (validator === undefined && !await sameTail(response, partial, bytes - from)) return undefined;
  return await ended(file, finish(response, partial, file, bytes, total, options));
}

/** Once the file is complete, nothing is remembered of its beginning. */
async function ended(file: string, download: Promise<WebDownload>): Promise<WebDownload> {
  const done = await download;
  await writeOrigin(file, undefined);
  return done;
}

/** Reads the rest, and gives the file its name. */
async function finish(
  response: ClientResponse,
  partial: PartialFile,
  file: string,
  resumedFrom: number,
  total: number | undefined,
  options: WebDownloadOptions,
): Promise<WebDownload> {
  const { keepTime = true, maxBytes = Infinity, limit, onProgress, synced } = options;
  let done = resumedFrom;
  const write = async (piece: Uint8Array): Promise<void> => {
    done += piece.length;
    if (done > maxBytes) throw tooLarge(response, maxBytes);
    onProgress?.(done, total, piece.length);
    try {
      await partial.write(piece);
    } catch (error) {
      throw toFileError(error, { operation: "write", peer: file });
    }
  };
  if (limit !== undefined) {
    for await (const piece of limit.slow(response, options.signal)) await write(piece);
  } else await pump(response, write, total === undefined ? undefined : total - resumedFrom);
  if (total !== undefined && partial.size !== total) {
    throw new DisconnectedError(`the file is incomplete: ${partial.size} of ${total} bytes`, {
      operation: "download",
      peer: response.url,
      hint: "--continue resumes it",
    });
  }
  const modified = keepTime
    ? parseHttpDate(response.headers.get("last-modified") ?? "")
    : undefined;
  await partial.complete({ modified, synced, mode: partial.targetMode });
  return { file, bytes: partial.size, resumedFrom, isUnchanged: false, response };
}

function refuseLarge(response: ClientResponse, maxBytes = Infinity): void {
  if ((response.contentLength ?? 0) > maxBytes) throw tooLarge(response, maxBytes);
}

function tooLarge({ url }: ClientResponse, maxBytes: number): LimitError {
  return new LimitError(`the resource has more than ${maxBytes} bytes`, {
    operation: "download",
    peer: url,
    limit: maxBytes,
  });
}

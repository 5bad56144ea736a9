/**
 * Downloads that are resumed: only if the resource is still the same.
 *
 * @module
 */

import type { Reader } from "../../../net/mod.ts";
import { type PartialFile, readOrigin } from "../../../stores/internal.ts";
import { parseHttpDate } from "../codec/date.ts";
import type { HttpHeaders } from "../codec/headers.ts";
import type { ClientResponse } from "./client_response.ts";

/** Bytes that are compared where the server gives nothing that tells versions apart. */
const COMPARED_BYTES = 4096;

/** The version of a resource that a partial file is the beginning of. */
export interface Origin {
  readonly url: string;
  readonly etag?: string | undefined;
  readonly modified?: string | undefined;
  readonly bytes?: number | undefined;
}

/** An attempt that may be gone on with. */
export interface EarlierAttempt {
  readonly origin: Origin;
  /** How many bytes there are. */
  readonly bytes: number;
  /** The first byte that is asked for. */
  readonly from: number;
  /** What the server compares; without it the last bytes are compared here. */
  readonly validator: string | undefined;
}

/**
 * Finds an attempt at a resource.
 *
 * @param file The file that it will be.
 * @param url The resource.
 * @returns The attempt; undefined if there is none, or of another resource.
 */
export async function earlierAttempt(
  file: string,
  url: string,
): Promise<EarlierAttempt | undefined> {
  const there = await readOrigin(file);
  if (there === undefined) return undefined;
  let origin: Origin;
  try {
    origin = JSON.parse(there.origin) as Origin;
  } catch {
    return undefined;
  }
  if (typeof origin !== "object" || origin === null || origin.url !== url) return undefined;
  const { bytes } = there;
  if (origin.bytes !== undefined && bytes > origin.bytes) return undefined;
  const validator = origin.etag ?? origin.modified;
  const from = validator === undefined ? Math.max(0, bytes - COMPARED_BYTES) : bytes;
  return { origin, bytes, from, validator };
}

/**
 * Checks whether a partial response is of the version that the file began with; some servers ignore `If-Range`.
 *
 * @param headers The fields of the response.
 * @param origin The version.
 * @returns Whether it is.
 */
export function isSame(headers: HttpHeaders, { etag, modified }: Origin): boolean {
  const [tag, time] = [headers.get("etag"), headers.get("last-modified")];
  if (tag === undefined && time === undefined) return etag === undefined && modified === undefined;
  if (etag !== undefined && tag !== undefined) return tag === etag;
  return modified === undefined || time === undefined || time === modified;
}

/**
 * Compares the last bytes of a file with those that a server sends first.
 *
 * @param response The response.
 * @param partial The file.
 * @param count How many bytes.
 * @returns Whether they are the same.
 */
export async function sameTail(
  response: Reader,
  partial: PartialFile,
  count: number,
): Promise<boolean> {
  const tail = await partial.tail(count);
  const there = new Uint8Array(count);
  for (let done = 0; done < count;) {
    const some = await response.read(there.subarray(done));
    if (some === null) return false;
    done += some;
  }
  return tail.every((byte, at) => byte === there[at]);
}

/**
 * Describes the version of a resource.
 *
 * @param response The response with all of it.
 * @param url The resource.
 * @returns The description; undefined if nothing tells it from other versions.
 */
export function originOf(response: ClientResponse, url: string): string | undefined {
  const { headers } = response;
  if (response.isDecoded || response.method !== "GET") return undefined;
  const [etag, modified] = [headers.get("etag"), headers.get("last-modified")];
  const origin: Origin = {
    url,
    // Weak ones do not promise the same bytes (RFC 9110 §13.1.5).
    ...(etag !== undefined && !/^W\//i.test(etag) && { etag }),
    ...(modified !== undefined && isStrong(headers) && { modified }),
    bytes: response.contentLength,
  };
  return origin.etag ?? origin.modified ?? origin.bytes ? JSON.stringify(origin) : undefined;
}

/** A time tells versions apart only if there was at least a second after it (RFC 9110 §8.8.2.2). */
function isStrong(headers: HttpHeaders): boolean {
  const date = parseHttpDate(headers.get("date") ?? "");
  const modified = parseHttpDate(headers.get("last-modified") ?? "");
  return date !== undefined && modified !== undefined &&
    date.getTime() - modified.getTime() >= 1000;
}

/**
 * Who may see a site: basic authentication (RFC 7617).
 *
 * @module
 */

import { type HttpResponse, type RequestHead, textResponse } from "../../protocols/http/mod.ts";
import { checkUser } from "../../stores/internal.ts";
import type { StoredUsers } from "../../stores/mod.ts";

/** How long a password that was right needs no new check, in milliseconds: a check takes some 40 ms, on purpose. */
const KNOWN_MS = 300_000;
/** Most passwords that are known so. */
const MAX_KNOWN = 1000;
/** Most checks that wait for each other. */
const MAX_WAITING = 50;

const CHALLENGE = ["WWW-Authenticate", 'Basic realm="files", charset="UTF-8"'] as const;

/** Lets only users in. */
export class SiteAccess {
  readonly #users: StoredUsers;
  readonly #now: () => number;
  /** Digests of valid credentials, and their time of expiry. */
  readonly #known = new Map<string, number>();
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Lets these users in.
   * @param users Who they are.
   * @param now The time in milliseconds. @default {performance.now()}
   */
  constructor(users: StoredUsers, now: () => number = () => performance.now()) {
    this.#users = users;
    this.#now = now;
  }

  /**
   * Judges a request.
   * @param head The request.
   * @returns The answer to one that may not come in; undefined to one that may.
   */
  async refuse(head: RequestHead): Promise<HttpResponse | undefined> {
    const given = head.headers.get("authorization");
    const [user, password] = parseBasic(given) ?? [];
    if (user === undefined || password === undefined) {
      return textResponse(401, undefined, [CHALLENGE]);
    }
    const digest = await digestOf(given!);
    const until = this.#known.get(digest);
    if (until !== undefined && this.#now() < until) return undefined;
    if (this.#waiting >= MAX_WAITING) {
      return textResponse(503, "too many log in at once", [["Retry-After", "1"]]);
    }
    if (!await this.#check(user, password)) return textResponse(401, undefined, [CHALLENGE]);
    this.#known.delete(digest);
    this.#known.set(digest, this.#now() + KNOWN_MS);
    if (this.#known.size > MAX_KNOWN) this.#known.delete(this.#known.keys().next().value!);
    return undefined;
  }

  /** One at a time, so that guesses cannot take all of the processor. */
  async #check(user: string, password: string): Promise<boolean> {
    this.#waiting++;
    const checked = this.#last.then(() => checkUser(this.#users, user, password));
    this.#last = checked.catch(() => {});
    try {
      return await checked !== undefined;
    } finally {
      this.#waiting--;
    }
  }
}

/** Reads the field; undefined if it is absent or badly written. */
function parseBasic(field: string | undefined): [user: string, password: string] | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(field ?? "")?.[1];
  if (encoded === undefined || encoded.length > 4096) return undefined;
  try {
    const bytes = Uint8Array.fromBase64(encoded);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const colon = text.indexOf(":");
    return colon < 0 ? undefined : [text.slice(0, colon), text.slice(colon + 1)];
  } catch {
    return undefined;
  }
}

async function digestOf(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(bytes).toBase64();
}

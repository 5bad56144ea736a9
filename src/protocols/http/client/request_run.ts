/**
 * A request on its way through redirects, logins and retries.
 *
 * @module
 */

import { delay } from "../../../net/internal.ts";
import { type Deadline, UsageError } from "../../../net/mod.ts";
import { Secret } from "../../wire/mod.ts";
import type { HttpCredentials } from "../transport/authentication.ts";
import type { Hop } from "./client_response.ts";
import type { RedirectedRequest } from "./redirect.ts";
import type { RequestOptions } from "./user_agent_options.ts";

/** A request on its way through redirects, logins and retries. */
export class RequestRun {
  request: RedirectedRequest;
  readonly first: URL;
  readonly options: RequestOptions;
  readonly deadline: Deadline;
  readonly history: Hop[] = [];
  redirects = 0;
  logins = 0;
  retries = 0;
  readonly #start = performance.now();
  #begun = this.#start;

  constructor(request: RedirectedRequest, options: RequestOptions, deadline: Deadline) {
    this.request = request;
    this.first = request.url;
    this.options = options;
    this.deadline = deadline;
  }

  get elapsedMs(): number {
    return performance.now() - this.#start;
  }

  /** Ends all of it: the caller's signal, and the time for all. */
  get signal(): AbortSignal | undefined {
    return this.options.timeoutMs === undefined ? this.options.signal : this.deadline.signal;
  }

  get lastMs(): number {
    return performance.now() - this.#begun;
  }

  begin(): void {
    this.deadline.throwIfExpired();
    this.#begun = performance.now();
  }

  /** Notes a response, after which the same request is sent again. */
  repeat(status: number, reason: Hop["reason"]): void {
    this.#note(status, reason, undefined);
  }

  /** Notes a response, and goes on with another request. */
  follow(status: number, reason: Hop["reason"], next: RedirectedRequest, location: URL): void {
    this.#note(status, reason, location.href);
    this.request = next;
    this.logins = 0;
  }

  async wait(ms: number): Promise<void> {
    if (ms <= 0) return;
    await delay(Math.min(ms, this.deadline.remainingMs), this.signal);
  }

  #note(status: number, reason: Hop["reason"], location: string | undefined): void {
    const { method, url } = this.request;
    const hop = { method, url: url.href, status, reason, location, ms: this.lastMs };
    this.history.push(hop);
    this.options.onHop?.(hop);
  }
}

/**
 * Takes user and password out of a URL.
 *
 * @param given The URL.
 * @returns The URL without them, and the credentials.
 * @throws {UsageError} If it is none of the Web.
 */
export function parseUrl(
  given: string | URL,
): [url: URL, credentials: HttpCredentials | undefined] {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw new UsageError(`${JSON.stringify(`${given}`)} is not a URL`);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new UsageError(`${url.protocol} is not a scheme of the Web: http:// or https://`);
  }
  const { username, password } = url;
  url.username = url.password = "";
  if (username === "" && password === "") return [url, undefined];
  try {
    const user = decodeURIComponent(username);
    return [url, { user, password: new Secret(decodeURIComponent(password)) }];
  } catch {
    throw new UsageError("the user or password in the URL is badly encoded");
  }
}

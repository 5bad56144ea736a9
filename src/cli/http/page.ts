/**
 * Pages for commands.
 *
 * @module
 */

import { ProtocolError } from "../../net/mod.ts";
import { decodePage } from "../../programs/web/mod.ts";
import { statusError } from "../../protocols/http/internal.ts";
import type { ClientResponse, RequestOptions, UserAgent } from "../../protocols/http/mod.ts";
import type { Context } from "../command/context.ts";
import type { PagePlan } from "./page_options.ts";

/** A page that came. */
export interface FetchedPage {
  /** Its text. */
  readonly html: string;
  /** The response. */
  readonly response: ClientResponse;
}

/**
 * Asks for a page.
 *
 * @param agent The user agent.
 * @param plan Which.
 * @param context Where the command runs.
 * @param request Another request than a `GET` of it.
 * @returns Its text.
 * @throws {ReplyError} If the response is an error.
 * @throws {ProtocolError} If it is not a page.
 */
export async function fetchPage(
  agent: UserAgent,
  { http, target, maxBytes }: PagePlan,
  context: Context,
  request: RequestOptions & { readonly method?: string; readonly url?: string } = {},
): Promise<FetchedPage> {
  const { method = "GET", url = target.url, ...options } = request;
  await using response = await agent.request(method, url, {
    signal: context.signal,
    timeoutMs: http.maxTimeMs,
    ...options,
  });
  if (!response.ok) throw statusError(response);
  const { mediaType } = response;
  if (mediaType !== "" && !/^text\/|[+/](?:xml|html|xhtml)/.test(mediaType)) {
    throw new ProtocolError(`not a page, but ${mediaType}`, {
      operation: "read a page",
      peer: response.url,
    });
  }
  return { html: await pageText(response, maxBytes), response };
}

/**
 * Reads the text of a page, in the charset that the server or the page itself names.
 *
 * @param response The response.
 * @param maxBytes Most bytes.
 * @returns The text.
 * @throws {LimitError} If it is larger.
 */
export async function pageText(response: ClientResponse, maxBytes: number): Promise<string> {
  return decodePage(await response.bytes(maxBytes), response.charset);
}

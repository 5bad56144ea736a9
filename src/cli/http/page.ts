/**
 * Pages for commands.
 *
 * @module
 */

import { type Capabilities, ProtocolError } from "../../net/mod.ts";
import { charsetOfHtml } from "../../mime/internal.ts";
import { decodeCharset } from "../../mime/mod.ts";
import { statusError } from "../../protocols/http/internal.ts";
import type { ClientResponse, RequestOptions, UserAgent } from "../../protocols/http/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { Context } from "../command/context.ts";
import type { Host } from "../command/host.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import { HTTP_OPTIONS, type HttpPlan, parseWebUrl, planHttp, type WebTarget } from "./options.ts";

/** Largest page, in bytes, unless the user says otherwise. */
const MAX_PAGE_BYTES = 64 * 1024 * 1024;

/** Commands that read pages have these. */
export const PAGE_OPTIONS: OptionSpecs = {
  ...HTTP_OPTIONS,
  "max-size": { value: "SIZE", rare: true, help: "largest page (default 64M)" },
};

/** A page, and how it is asked for. */
export interface PagePlan {
  /** How servers are asked. */
  readonly http: HttpPlan;
  /** The page. */
  readonly target: WebTarget;
  /** Largest page, in bytes. */
  readonly maxBytes: number;
}

/**
 * Plans to read a page.
 *
 * @param args The command line; its first operand is the URL.
 * @param host Looks names up.
 * @returns The plan, and its capabilities.
 * @throws {UsageError} If the URL or an option makes no sense.
 */
export async function planPage(
  args: Arguments,
  host: Host,
): Promise<{ readonly page: PagePlan; readonly needs: Capabilities }> {
  const target = parseWebUrl(args.operands[0] ?? "");
  const { http, needs } = await planHttp(args, host, [target]);
  const maxBytes = args.bytes("max-size") ?? MAX_PAGE_BYTES;
  return { page: { http, target, maxBytes }, needs };
}

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
 * @throws {ProtocolError} If it is no page.
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
    throw new ProtocolError(`it is no page, but ${mediaType}`, {
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
  const bytes = await response.bytes(maxBytes);
  const { text } = decodeCharset(bytes, response.charset ?? charsetOfHtml(bytes));
  return text.replace(/^\ufeff/, "");
}

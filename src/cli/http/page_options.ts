/**
 * Options of commands that read pages.
 *
 * @module
 */

import type { Capabilities } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
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

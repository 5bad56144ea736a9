/**
 * `netwright http mirror`: a copy that is renewed only if the resource has changed (9.1 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import { originPath, partialPath } from "../../../stores/internal.ts";
import type { Command } from "../../command/command.ts";
import {
  HTTP_OPTIONS,
  type HttpPlan,
  parseWebUrl,
  planHttp,
  type WebTarget,
} from "../../http/options.ts";

/** The resource, and its copy. */
export interface MirrorPlan {
  /** How servers are asked. */
  readonly http: HttpPlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** The resource. */
  readonly target: WebTarget;
  /** The copy. */
  readonly file: string;
}

/** The command. */
export const command: Command<MirrorPlan> = {
  name: "http mirror",
  summary: "download a resource if it has changed",
  operands: "URL FILE",
  count: { min: 2, max: 2 },
  examples: ["http mirror https://example.org/list.csv list.csv"],
  details:
    "The file gets the resource's time, by which the next call asks. It is replaced when the new\n" +
    "one is complete.",
  options: HTTP_OPTIONS,
  async plan(args, host) {
    const [url = "", file = ""] = args.operands;
    if (file === "" || file.endsWith("/")) throw new UsageError("FILE is the name of a file");
    const target = parseWebUrl(url);
    const { http, needs } = await planHttp(args, host, [target]);
    const files = [file, partialPath(file), originPath(file)];
    return { http, needs: union(needs, { read: files, write: files }), target, file };
  },
  capabilities: ({ needs }) => needs,
};

/**
 * `netwright fetch`: many resources at once (5.3, 13.3 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import {
  HTTP_OPTIONS,
  type HttpPlan,
  parseWebUrl,
  planHttp,
  type WebTarget,
} from "../../http/options.ts";

/** The resources, and what becomes of them. */
export interface FetchPlan {
  /** How servers are asked. */
  readonly http: HttpPlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** The resources. */
  readonly targets: readonly WebTarget[];
  /** Where they are written to; only printed or counted if absent. */
  readonly folder: string | undefined;
  /** Whether bodies are printed, one after the other. */
  readonly prints: boolean;
  /** Whether results come in the order of the input. */
  readonly inOrder: boolean;
  /** Requests at once, in all and for one host. */
  readonly parallel: { readonly total: number; readonly perHost: number };
  /** Whether incomplete files are resumed. */
  readonly resume: boolean;
  /** Whether only changed resources are downloaded. */
  readonly onlyIfChanged: boolean;
  /** Largest body, in bytes. */
  readonly maxBytes: number | undefined;
}

/** Most resources of one command. */
const MAX_URLS = 1_000_000;

/** The command. */
export const command: Command<FetchPlan> = {
  name: "fetch",
  summary: "fetch many resources of the Web at once",
  operands: "URL…",
  count: { min: 0, max: Infinity },
  examples: [
    "fetch https://example.org/ https://example.com/ --print",
    "fetch --input urls.txt --to files/ --per-host 4 --retry 2",
  ],
  details:
    "Prints status, bytes, time and URL of each as it is complete; with --json of failures too.\n" +
    "Files of earlier runs are replaced. Exit status 4: some failed.",
  options: {
    input: { value: "FILE", help: "a URL a line, in this file" },
    to: { value: "DIR", help: "write them to this folder, under the URLs' own names" },
    print: { help: "print the bodies, one after the other" },
    "in-order": { rare: true, help: "results in the order of the input" },
    parallel: { value: "N", short: "P", help: "requests at once (default 32)" },
    "per-host": { value: "N", help: "requests at once to one host (default 8)" },
    continue: { short: "c", rare: true, help: "resume incomplete files" },
    "if-changed": { rare: true, help: "download only what has changed since its file" },
    "max-size": { value: "SIZE", rare: true, help: "largest body, such as 10M" },
    ...HTTP_OPTIONS,
  },
  async plan(args, host) {
    const input = args.value("input");
    const targets = args.operands.map(parseWebUrl);
    if (input !== undefined) {
      const lines = (await host.readText(input) ?? missing(input)).split(/\r?\n/);
      for (const [index, line] of lines.entries()) {
        const text = line.trim();
        if (text !== "" && !text.startsWith("#")) targets.push(inLine(text, input, index + 1));
      }
    }
    if (targets.length === 0) throw new UsageError("URL is missing");
    if (targets.length > MAX_URLS) throw new UsageError(`there are more than ${MAX_URLS} URLs`);
    const { http, needs } = await planHttp(args, host, targets);
    const folder = args.value("to");
    if (folder === "") throw new UsageError("--to requires the name of a folder");
    if (folder !== undefined && args.has("print")) {
      throw new UsageError("--to and --print exclude each other");
    }
    for (const name of ["continue", "if-changed"]) {
      if (folder === undefined && args.has(name)) throw new UsageError(`--${name} requires --to`);
    }
    return {
      http,
      needs: [
        folder === undefined ? {} : { read: [folder], write: [folder] },
        input === undefined ? {} : { read: [input] },
      ].reduce((all: Capabilities, one) => union(all, one), needs),
      targets,
      folder,
      prints: args.has("print"),
      inOrder: args.has("in-order"),
      parallel: {
        total: args.integer("parallel", { min: 1, max: 512, fallback: 32 }),
        perHost: args.integer("per-host", { min: 1, max: 128, fallback: 8 }),
      },
      resume: args.has("continue"),
      onlyIfChanged: args.has("if-changed"),
      maxBytes: args.bytes("max-size"),
    };
  },
  capabilities: ({ needs }) => needs,
};

/** Reads a line of the file. */
function inLine(text: string, file: string, number: number): WebTarget {
  try {
    return parseWebUrl(text);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${file}: line ${number}: ${error.reason}`);
  }
}

function missing(path: string): never {
  throw new UsageError(`${path}: there is no such file`);
}

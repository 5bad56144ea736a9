/**
 * `netwright http robot`: crawls a site and checks its links (9.5 of the book's list).
 *
 * @module
 */

import { parseTarget, union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { planHttp } from "../../http/options.ts";
import { refuseControls } from "../../http/request_fields.ts";
import type { RobotPlan } from "../../robot/plans.ts";
import { MANUAL } from "../../robot/manual.ts";
import { ROBOT_OPTIONS } from "../../robot/robot_options.ts";
import { findStarts } from "../../robot/starts.ts";
import { userFiles } from "../../robot/user_files.ts";

/** The command. */
export const command: Command<RobotPlan> = {
  name: "http robot",
  summary: "check the links of a site, or of local files",
  operands: "URL|PATH…",
  count: { min: 1, max: Infinity },
  examples: [
    "http robot https://example.org/ --html report.html",
    "http robot docs/ --internal --junit links.xml",
  ],
  details: "Exit status 4: links lead nowhere.",
  manual: MANUAL,
  options: ROBOT_OPTIONS,
  async plan(args, host) {
    const { targets, folders, working } = await findStarts(args.operands);
    const external = !args.has("internal");
    const { http, needs } = await planHttp(args, host, targets);
    const hosts = args.values("host");
    const newsServer = args.value("news-server");
    const from = args.value("from");
    refuseControls(from ?? "", "--from");
    if (args.has("only-changed") && !args.has("state")) {
      throw new UsageError("--only-changed requires --state");
    }
    if (args.has("delay") && args.has("no-delay")) {
      throw new UsageError("--delay and --no-delay exclude each other");
    }
    const paths = args.values("below").map((path) => path.startsWith("/") ? path : `/${path}`);
    const files = userFiles(args, folders, working);
    return {
      http: { ...http, maxRedirects: 0, retries: 0 },
      needs: [
        external ? { net: true as const } : reachableHosts(hosts),
        folders.length === 0 ? {} : { read: folders.map(({ folder }) => folder) },
        files.needs,
      ].reduce((all: Capabilities, one) => union(all, one), needs),
      targets,
      folders,
      working,
      hosts,
      paths,
      include: args.values("include"),
      exclude: args.values("exclude"),
      ignore: args.values("ignore"),
      ignoredParameters: args.values("ignore-parameter"),
      maxDepth: args.integer("depth", { min: 0, max: 1_000_000, fallback: undefined }) ?? Infinity,
      external,
      obeysRobots: !args.has("ignore-robots"),
      total: args.integer("parallel", { min: 1, max: 512, fallback: 20 }),
      perHost: args.integer("per-host", { min: 1, max: 128, fallback: 1 }),
      delayMs: args.has("no-delay") || args.value("delay") === "0"
        ? 0
        : args.has("delay")
        ? args.milliseconds("delay", 0)
        : undefined,
      retries: args.integer("retry", { min: 0, max: 20, fallback: 2 }),
      timeoutMs: args.milliseconds("max-time", 30_000),
      maxPauseMs: args.milliseconds("max-wait", 120_000),
      maxUrls: args.integer("max-urls", { min: 1, max: 100_000_000, fallback: 1_000_000 }),
      maxBytes: args.bytes("max-size") ?? 16 * 1024 * 1024,
      slowMs: args.milliseconds("slow", 3000),
      extensions: args.values("extension"),
      newsServer: newsServer === undefined ? undefined : newsEndpoint(newsServer),
      from,
      state: args.value("state"),
      html: args.value("html"),
      junit: args.value("junit"),
      baseline: args.value("baseline"),
      writeBaseline: args.value("write-baseline"),
      rewritesBaseline: files.rewritesBaseline,
      reportsInFolders: files.reports,
      strict: args.has("strict"),
      notes: args.has("notes"),
      onlyChanged: args.has("only-changed"),
    };
  },
  capabilities: ({ needs }) => needs,
};

function reachableHosts(hosts: readonly string[]): Capabilities {
  const net = hosts.map((text) => {
    const { endpoint } = parseTarget(`http://${text}`, { schemes: ["http"] });
    if ("path" in endpoint) throw new UsageError("--host takes a host, or host:port");
    return endpoint.hostname;
  });
  return net.length === 0 ? {} : { net };
}

function newsEndpoint(text: string): RobotPlan["newsServer"] {
  const { endpoint } = parseTarget(`nntp://${text.replace(/^nntp:\/\//, "")}`, {
    schemes: ["nntp"],
  });
  if ("path" in endpoint) throw new UsageError("--news-server takes a host, or host:port");
  return endpoint;
}

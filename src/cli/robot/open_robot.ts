/**
 * The robot of a plan.
 *
 * @module
 */

import { DestinationGate, NetwrightError, UsageError } from "../../net/mod.ts";
import {
  documentsOf,
  FolderRoots,
  FolderSource,
  FtpSource,
  type LinkSource,
  MailSource,
  NewsSource,
  Robot,
  type RobotOptions,
  RobotsCache,
  WebSource,
} from "../../programs/robot/internal.ts";
import type { UserAgent } from "../../protocols/http/mod.ts";
import type { CrawlStore } from "../../stores/internal.ts";
import { DiskTree, TreeError } from "../../stores/mod.ts";
import type { Context } from "../command/context.ts";
import { urlMatcher } from "./patterns.ts";
import type { RobotPlan } from "./plans.ts";

/** The robot's product token (RFC 9309 §2.2.1). */
export const TOKEN = "netwright";
/** Time between two requests to a host, in milliseconds, unless the user says otherwise. */
const DELAY_MS = 100;

/**
 * Makes the robot.
 *
 * @param plan The parsed command line.
 * @param agent The user agent.
 * @param store The state.
 * @param context Where the command runs.
 * @param onResult Called when a URL has its result.
 * @returns The robot.
 * @throws {UsageError} If a pattern is malformed.
 */
export async function openRobot(
  plan: RobotPlan,
  agent: UserAgent,
  store: CrawlStore,
  context: Context,
  onResult: NonNullable<RobotOptions["onResult"]>,
): Promise<Robot> {
  const { signal, network } = context;
  const { timeoutMs, maxBytes, newsServer } = plan;
  const { fields } = plan.http;
  const trees = new Map(plan.folders.map(({ host, folder }) => [host, new DiskTree(folder)]));
  const roots = new FolderRoots(
    [...trees].map(([host, tree]) => {
      const { path } = plan.folders.find((one) => one.host === host)!;
      return { host, path, tree };
    }),
  );
  const hosts = new Set([
    ...plan.targets.map(({ url }) => new URL(url).host),
    ...plan.hosts,
    ...trees.keys(),
  ]);
  const isNamedByPeer = (url: URL): boolean => !hosts.has(url.host);
  const web = new WebSource({ agent, isNamedByPeer, fields, token: TOKEN, maxBytes, timeoutMs });
  const gate = new DestinationGate({
    capabilities: context.capabilities,
    named: plan.http.allowedHosts,
  });
  const news = new NewsSource({ network, gate, server: newsServer, timeoutMs });
  const sources = new Map<string, LinkSource>([["http:", web], ["https:", web]]);
  if (trees.size > 0) {
    sources.set("file:", new FolderSource({ roots, maxBytes, extensions: plan.extensions }));
  }
  if (plan.external) {
    sources.set("ftp:", new FtpSource({ network, gate, timeoutMs }));
    sources.set("mailto:", new MailSource(network, timeoutMs));
    sources.set("nntp:", news);
    if (newsServer !== undefined) sources.set("news:", news);
  }
  const [includes, excludes, ignores] = await Promise.all(
    [plan.include, plan.exclude, plan.ignore].map(urlMatcher),
  );
  const starts = plan.targets.map(({ url }) => new URL(url));
  // Earlier reports do not count as pages of the folder.
  const reports = new Set(
    plan.reportsInFolders.map(({ host, path }) => `${host}/${path.join("/")}`),
  );
  for (const { host, folder, file } of plan.folders) {
    const paths = file === undefined ? documentsOf(trees.get(host)!) : [[file]];
    try {
      for await (const path of paths) {
        if (file === undefined && reports.has(`${host}/${path.join("/")}`)) continue;
        starts.push(roots.urlOf(host, path));
      }
    } catch (error) {
      if (!(error instanceof TreeError)) throw error;
      throw new NetwrightError(error.reason, { operation: "list", peer: folder, cause: error });
    }
  }
  if (starts.length === 0) {
    const names = plan.folders.map(({ folder }) => folder).join(", ");
    throw new UsageError(`${names}: there is no HTML or Markdown to be read`);
  }
  const delayFor = (host: string): number =>
    plan.delayMs ?? (/^(?:localhost|127\.[\d.]+|\[::1\])(?::\d+)?$/.test(host) ? 0 : DELAY_MS);
  const robot: Robot = new Robot({
    store,
    starts,
    scope: {
      hosts,
      paths: plan.paths,
      includes: (url) => (plan.include.length === 0 || includes!(url)) && !excludes!(url),
      maxDepth: plan.maxDepth,
      external: plan.external,
      ignores: ignores!,
      ignoredParameters: plan.ignoredParameters,
    },
    sources,
    robots: plan.obeysRobots
      ? new RobotsCache({
        agent,
        token: TOKEN,
        isNamedByPeer,
        fields,
        turnsOf: (url) => robot.turnsOf(url),
        retries: plan.retries,
        maxPauseMs: plan.maxPauseMs,
        timeoutMs,
      })
      : undefined,
    total: plan.total,
    perHost: plan.perHost,
    delayFor: (host) => trees.has(host) ? 0 : delayFor(host),
    retries: plan.retries,
    maxPauseMs: plan.maxPauseMs,
    maxUrls: plan.maxUrls,
    onResult,
    signal,
  });
  return robot;
}

/** Crawls of sites in memory. */

import type { Network } from "../../../src/net/mod.ts";
import {
  collectFindings,
  type CrawlScope,
  documentsOf,
  type Finding,
  FolderRoots,
  FolderSource,
  type LinkSource,
  Robot,
  type RobotOptions,
  RobotsCache,
  WebSource,
} from "../../../src/programs/robot/internal.ts";
import { UserAgent } from "../../../src/protocols/http/mod.ts";
import { CrawlStore } from "../../../src/stores/internal.ts";
import { MemoryTree } from "../../../src/stores/mod.ts";
import { served } from "../../protocols/http/client/served.ts";

/** A response: a page, or what makes one for the number of the request, from 1. */
export type Answer =
  | string
  | Response
  | ((request: Request, times: number) => Response | string | Promise<Response>);

/** A crawl that ended. */
export interface Crawled {
  /** Findings as `problem URL`, without `http://a.example`, and without redirects unless they are wanted. */
  readonly found: readonly string[];
  /** The same as they are. */
  readonly findings: readonly Finding[];
  /** Requests in order, such as `GET /x`; of other hosts with the host. */
  readonly requests: readonly string[];
}

/** How it is crawled. */
export interface CrawlOptions {
  readonly start?: string;
  readonly scope?: Partial<CrawlScope>;
  readonly robot?: Partial<RobotOptions>;
  readonly ignoresRobots?: boolean;
  readonly sources?: (network: Network) => Readonly<Record<string, LinkSource>>;
  readonly store?: CrawlStore;
}

/** Crawls `http://a.example/` and checks what it links to; paths of other hosts are written with their host. */
export async function crawl(
  site: Readonly<Record<string, Answer>>,
  options: CrawlOptions = {},
): Promise<Crawled> {
  const requests: string[] = [];
  const times = new Map<string, number>();
  await using server = served(async (request) => {
    const { host, pathname, search } = new URL(request.url);
    const path = `${host === "a.example" ? "" : host}${pathname}${search}`;
    const key = `${request.method} ${path}`;
    requests.push(key);
    times.set(key, (times.get(key) ?? 0) + 1);
    const answer = site[path];
    const made = typeof answer === "function" ? await answer(request, times.get(key)!) : answer;
    if (typeof made === "string") {
      return new Response(made, { headers: { "content-type": "text/html; charset=utf-8" } });
    }
    return made?.clone() ?? new Response("none", { status: 404 });
  });
  const { network } = server;
  using agent = new UserAgent({ network, maxRedirects: 0 });
  const start = new URL(options.start ?? "http://a.example/");
  const isNamedByPeer = (url: URL): boolean => url.host !== start.host;
  const shared = { agent, token: "netwright", isNamedByPeer, fields: [], timeoutMs: 5000 };
  const web = new WebSource({ ...shared, maxBytes: 1_000_000 });
  const store = options.store ?? await CrawlStore.open();
  const robot: Robot = new Robot({
    store,
    starts: [start],
    scope: { ...SCOPE, hosts: new Set([start.host]), ...options.scope },
    sources: new Map([
      ["http:", web],
      ["https:", web],
      ...Object.entries(options.sources?.(network) ?? {}),
    ]),
    robots: options.ignoresRobots === true ? undefined : new RobotsCache({
      ...shared,
      turnsOf: (url) => robot.turnsOf(url),
      retries: 0,
      maxPauseMs: 1000,
    }),
    delayFor: () => 0,
    retries: 0,
    signal: new AbortController().signal,
    ...options.robot,
  });
  await robot.run();
  const result = finish(store, requests);
  if (options.store === undefined) store[Symbol.dispose]();
  return result;
}

const SCOPE: Omit<CrawlScope, "hosts"> = {
  paths: [],
  includes: () => true,
  maxDepth: Infinity,
  external: true,
  ignores: () => false,
  ignoredParameters: [],
};

function finish(store: CrawlStore, requests: readonly string[]): Crawled {
  const findings = collectFindings(store);
  return {
    findings,
    requests,
    found: findings.filter(({ problem }) => problem !== "redirect" && problem !== "slow").map((
      { problem, url },
    ) => `${problem} ${url.replace(/^http:\/\/a\.example|^file:\/\/docs\/root\/docs/, "")}`),
  };
}

/** Crawls a local folder that holds these files. */
export async function crawlFolder(
  files: Readonly<Record<string, string>>,
  options: { readonly extensions?: readonly string[] } = {},
): Promise<Crawled> {
  const tree = new MemoryTree();
  for (const [path, text] of Object.entries(files)) {
    const parts = path.split("/");
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth);
      if (await tree.stat(folder) === undefined) await tree.makeFolder(folder);
    }
    await tree.write(
      parts,
      (async function* () {
        yield new TextEncoder().encode(text);
      })(),
    );
  }
  const starts: URL[] = [];
  const roots = new FolderRoots([{ host: "docs", path: ["root", "docs"], tree }]);
  for await (const path of documentsOf(tree)) starts.push(roots.urlOf("docs", path));
  using store = await CrawlStore.open();
  const { extensions = [] } = options;
  const source = new FolderSource({ roots, maxBytes: 1_000_000, extensions });
  await new Robot({
    store,
    starts,
    scope: { ...SCOPE, external: false, hosts: new Set(["docs"]) },
    sources: new Map([["file:", source]]),
    delayFor: () => 0,
    signal: new AbortController().signal,
  }).run();
  return finish(store, []);
}

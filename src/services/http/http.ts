/**
 * Serves the files of a folder over HTTP/1.1 (15.1 of the book's list).
 *
 * @module
 */

import { asShown, cleanText, isLoopback, Tainted, UsageError } from "../../net/mod.ts";
import {
  BUSY_RESPONSE,
  type HttpAnswer,
  type RequestHead,
  serveHttp,
} from "../../protocols/http/mod.ts";
import {
  AppendedLines,
  parseUsers,
  PublicFiles,
  requireFolder,
  type StoredUsers,
} from "../../stores/mod.ts";
import { ACCESS_LOG_FORMATS, type AccessEntry, formatAccess } from "./access_log.ts";
import { SiteAccess } from "./site_access.ts";
import { corsFields, parseFields, preflightFields } from "./site_fields.ts";
import { StaticSite } from "./static_site.ts";
import type { ServiceModule, ServiceOptions } from "../core/service.ts";

/** The http service. */
export const service: ServiceModule = {
  name: "http",
  summary: "serve the files of a folder (RFC 9112)",
  port: 8080,
  options: {
    root: { value: "DIR", help: "the folder; the working one if absent" },
    users: { value: "FILE", help: "names and hashed passwords, in YAML", yaml: true },
    "insecure-auth": { rare: true, help: "take passwords in clear text" },
    headers: { value: "FILE", rare: true, help: "fields of all answers, in YAML", yaml: true },
    cors: { value: "ORIGIN", rare: true, help: "whose scripts may read it; * for all" },
    spa: { rare: true, help: "pages that are not there are /index.html" },
    "no-listing": { rare: true, help: "do not list folders without an index" },
    "access-log": { value: "FILE", help: "append a line for each request" },
    "access-format": { value: "FORMAT", rare: true, help: "of these lines: combined, json" },
    sample: { value: "BYTES", rare: true, help: "no folder, but so many bytes, to measure with" },
  },
  capabilities: ({ root = ".", sample, "access-log": log }) => ({
    ...(sample === undefined && { read: [root] }),
    ...(log !== undefined && { write: [log] }),
  }),
  optionsAt: (endpoint) => "hostname" in endpoint ? { "http-host": endpoint.hostname } : {},
  async stream({ root = ".", sample, ...options }) {
    const accessLog = openAccessLog(options);
    const site = sample === undefined ? await openSite(root, options) : sampleSite(sample);
    const answer = answering(site, options);
    return {
      name: "http",
      busy: BUSY_RESPONSE,
      clientFirst: true,
      async handle(connection, { traffic, log, now, mayRest }): Promise<void | "rest"> {
        const { remoteAddr } = connection;
        const client = "hostname" in remoteAddr ? remoteAddr.hostname : remoteAddr.transport;
        const serving = serveHttp(connection, answer, {
          now,
          mayRest,
          onAnswer(answered) {
            const { head, status, bodyBytes, sent, received } = answered;
            traffic.sent += sent;
            traffic.received += received;
            accessLog?.add({ ...answered, client, time: now() });
            if (log === undefined) return;
            const what = head === undefined ? "-" : `${head.method} ${head.target}`;
            const agent = new Tainted(head?.headers.get("user-agent") ?? "-").launder(asShown);
            log(`"${cleanText(what, { maxLength: 500 })}" ${status} ${bodyBytes} "${agent}"`);
          },
        });
        let end: void | "rest" = undefined;
        try {
          end = await serving;
        } finally {
          // A process that serves this connection alone ends with it.
          if (end !== "rest") accessLog?.flush();
        }
        return end;
      },
    };
  },
};

async function openSite(root: string, options: ServiceOptions): Promise<StaticSite> {
  await requireFolder(root);
  return new StaticSite(new PublicFiles(root), {
    listing: options["no-listing"] === undefined,
    singlePage: options.spa !== undefined,
  });
}

/** Answers as the site does, to those who may see it, with further fields. */
function answering(
  site: Pick<StaticSite, "answer">,
  options: ServiceOptions,
): (head: RequestHead) => HttpAnswer | Promise<HttpAnswer> {
  const { users, headers, cors } = options;
  const access = users === undefined ? undefined : new SiteAccess(usersOf(users, options));
  const fields = [
    ...headers === undefined ? [] : parseFields(JSON.parse(headers)),
    ...cors === undefined ? [] : corsFields(cors),
  ];
  const origins = fields.filter(([name]) => /^access-control-allow-origin$/i.test(name));
  if (origins.length > 1) {
    throw new UsageError("--cors and a header Access-Control-Allow-Origin exclude each other");
  }
  if (access === undefined && fields.length === 0) return (head) => site.answer(head);
  const names = new Set(fields.map(([name]) => name.toLowerCase()));
  const added = (head: RequestHead, { fields: own, ...answer }: HttpAnswer): HttpAnswer => ({
    ...answer,
    fields: [
      // What the owner says takes the place of what the site says itself.
      ...own.filter(([name]) => name === "Vary" || !names.has(name.toLowerCase())),
      ...fields,
      ...cors === undefined ? [] : preflightFields(head),
    ],
  });
  return async (head) => {
    // A browser asks without a password whether it may ask.
    const isPreflight = cors !== undefined && preflightFields(head).length > 0;
    const refusal = isPreflight ? undefined : await access?.refuse(head);
    return added(head, refusal ?? await site.answer(head));
  };
}

function usersOf(users: string, options: ServiceOptions): StoredUsers {
  const { "http-host": host, tls, "insecure-auth": insecure } = options;
  if (host !== undefined && !isLoopback(host) && tls === undefined && insecure === undefined) {
    throw new UsageError(
      "passwords would come in clear text: use --tls-cert and --tls-key, or --insecure-auth",
    );
  }
  return parseUsers(JSON.parse(users));
}

/** Answers everything with the same bytes, from memory. */
function sampleSite(size: string): Pick<StaticSite, "answer"> {
  if (!/^\d{1,8}$/.test(size)) throw new UsageError("--sample is a number of bytes");
  const body = new Uint8Array(Number(size)).fill(120);
  const answer: HttpAnswer = { status: 200, fields: [["Content-Type", "text/plain"]], body };
  return { answer: () => answer };
}

/** Writes a line for each request. */
interface AccessLog {
  /** Throws if lines before could not be written. */
  add(entry: AccessEntry): void;
  /** Writes what waits. */
  flush(): void;
}

function openAccessLog(options: ServiceOptions): AccessLog | undefined {
  const { "access-log": path, "access-format": wanted = "combined" } = options;
  const format = ACCESS_LOG_FORMATS.find((name) => name === wanted);
  if (format === undefined) {
    throw new UsageError(`--access-format takes ${ACCESS_LOG_FORMATS.join(", ")}`);
  }
  if (path === undefined) return undefined;
  const lines = new AppendedLines(path);
  return {
    add: (entry) => lines.add(formatAccess(entry, format)),
    flush: () => lines.flush(),
  };
}

/**
 * Serves the files of a folder over HTTP/1.1.
 *
 * @module
 */

import { escapeControls, escapeForDisplay, Tainted } from "../../net/mod.ts";
import { BUSY_RESPONSE } from "../../protocols/http/internal.ts";
import { handleHttp, type HttpResponse, type RequestHead } from "../../protocols/http/mod.ts";
import { AppendedLines, PublicFiles, requireFolder } from "../../stores/internal.ts";
import type { Service } from "../core/service.ts";
import { type AccessEntry, formatAccess } from "./access_log.ts";
import type { HttpConfiguration } from "./_http_configuration.ts";
import { SiteAccess } from "./site_access.ts";
import { corsFields, preflightFields } from "./site_fields.ts";
import { StaticSite } from "./static_site.ts";

/**
 * Serves a site.
 *
 * @param configuration The files, and the access to them.
 * @returns The service.
 * @throws {NetwrightError} If its folder is none.
 */
export async function httpService(configuration: HttpConfiguration): Promise<Service> {
  const accessLog = openAccessLog(configuration);
  const { sampleBytes } = configuration;
  const site = sampleBytes === undefined ? await openSite(configuration) : sampleSite(sampleBytes);
  const answer = answering(site, configuration);
  return {
    name: "http",
    busy: BUSY_RESPONSE,
    clientSpeaksFirst: true,
    async handle(connection, { log, now, canPark }): Promise<void | "park"> {
      const { remoteAddr } = connection;
      const client = "hostname" in remoteAddr ? remoteAddr.hostname : remoteAddr.transport;
      const serving = handleHttp(connection, answer, {
        now,
        canPark,
        onAnswer(answered) {
          const { head, status, bodyBytes } = answered;
          accessLog?.add({ ...answered, client, time: now() });
          if (log === undefined) return;
          const what = head === undefined ? "-" : `${head.method} ${head.target}`;
          const agent = new Tainted(head?.headers.get("user-agent") ?? "-").validate(
            escapeForDisplay,
          );
          log(`"${escapeControls(what, { maxLength: 500 })}" ${status} ${bodyBytes} "${agent}"`);
        },
      });
      let end: void | "park" = undefined;
      try {
        end = await serving;
      } finally {
        // A process that serves this connection alone ends with it.
        if (end !== "park") accessLog?.flush();
      }
      return end;
    },
  };
}

async function openSite(configuration: HttpConfiguration): Promise<StaticSite> {
  const { root, listing, singlePage } = configuration;
  await requireFolder(root);
  return new StaticSite(new PublicFiles(root), { listing, singlePage });
}

/** Answers as the site does, to those who may see it, with further fields. */
function answering(
  site: Pick<StaticSite, "answer">,
  configuration: HttpConfiguration,
): (head: RequestHead) => HttpResponse | Promise<HttpResponse> {
  const { users, cors } = configuration;
  const access = users === undefined ? undefined : new SiteAccess(new Map(Object.entries(users)));
  const fields = [
    ...configuration.fields,
    ...cors === undefined ? [] : corsFields(cors),
  ];
  if (access === undefined && fields.length === 0) return (head) => site.answer(head);
  const names = new Set(fields.map(([name]) => name.toLowerCase()));
  const added = (head: RequestHead, { fields: own, ...answer }: HttpResponse): HttpResponse => ({
    ...answer,
    fields: [
      // The owner's fields replace those of the site itself.
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

/** Answers everything with the same bytes, from memory. */
function sampleSite(bytes: number): Pick<StaticSite, "answer"> {
  const body = new Uint8Array(bytes).fill(120);
  const answer: HttpResponse = { status: 200, fields: [["Content-Type", "text/plain"]], body };
  return { answer: () => answer };
}

/** Writes a line for each request. */
interface AccessLog {
  /** Throws if lines before could not be written. */
  add(entry: AccessEntry): void;
  /** Writes what waits. */
  flush(): void;
}

function openAccessLog({ accessLog }: HttpConfiguration): AccessLog | undefined {
  if (accessLog === undefined) return undefined;
  const { path, format } = accessLog;
  const lines = new AppendedLines(path);
  return {
    add: (entry) => lines.add(formatAccess(entry, format)),
    flush: () => lines.flush(),
  };
}

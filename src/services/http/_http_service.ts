/**
 * Serves the files of a folder over HTTP/1.1.
 *
 * @module
 */

import { escapeControls, escapeForDisplay, type NetwrightError, Tainted } from "../../net/mod.ts";
import { BUSY_RESPONSE } from "../../protocols/http/internal.ts";
import { handleHttp, type HttpResponse, type RequestHead } from "../../protocols/http/mod.ts";
import { LogFile, PublicFiles, requireFolder } from "../../stores/internal.ts";
import type { Service, ServiceContext } from "../core/service.ts";
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
  const accessLog = await openAccessLog(configuration);
  const { sampleBytes } = configuration;
  const site = sampleBytes === undefined ? await openSite(configuration) : sampleSite(sampleBytes);
  const answer = answering(site, configuration);
  return {
    name: "http",
    busy: BUSY_RESPONSE,
    clientSpeaksFirst: true,
    end: async () => await accessLog?.end(),
    async handle(connection, { log, warn, now, canPark }): Promise<void | "park"> {
      const { remoteAddr } = connection;
      const client = "hostname" in remoteAddr ? remoteAddr.hostname : remoteAddr.transport;
      return await handleHttp(connection, answer, {
        now,
        canPark,
        onAnswer(answered) {
          const { head, status, bodyBytes } = answered;
          accessLog?.add({ ...answered, client, time: now() }, warn);
          if (log === undefined) return;
          const what = head === undefined ? "-" : `${head.method} ${head.target}`;
          const agent = new Tainted(head?.headers.get("user-agent") ?? "-").validate(
            escapeForDisplay,
          );
          log(`"${escapeControls(what, { maxLength: 500 })}" ${status} ${bodyBytes} "${agent}"`);
        },
      });
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
  /** Adds a line, without waiting; warns if those before could not be written. */
  add(entry: AccessEntry, warn: ServiceContext["warn"]): void;
  /** Writes what waits. */
  end(): Promise<void>;
}

async function openAccessLog({ accessLog }: HttpConfiguration): Promise<AccessLog | undefined> {
  if (accessLog === undefined) return undefined;
  const { path, format } = accessLog;
  let failure: NetwrightError | undefined;
  const lines = await LogFile.open(path, { onFailure: (error) => failure = error });
  return {
    add(entry, warn) {
      lines.add(formatAccess(entry, format));
      if (failure === undefined) return;
      warn?.(failure.message);
      failure = undefined;
    },
    end: () => lines.close(),
  };
}

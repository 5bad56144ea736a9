/**
 * Serves the files of a folder over HTTP/1.1 (15.1 of the book's list).
 *
 * @module
 */

import { fromDocument } from "../core/document.ts";
import { isLoopback, UsageError } from "../../net/mod.ts";
import { parseUsers } from "../../stores/mod.ts";
import type { ServiceArguments, ServiceModule } from "../core/service.ts";
import { ACCESS_LOG_FORMATS } from "./access_log.ts";
import { corsFields, parseFields } from "./site_fields.ts";
import type { HttpConfiguration } from "./_http_configuration.ts";

/** The http service. */
export const service: ServiceModule<HttpConfiguration> = {
  name: "http",
  summary: "share a folder over HTTP (RFC 9112)",
  port: 8080,
  options: {
    root: { value: "DIR", help: "the folder; the working one if absent" },
    users: {
      value: "FILE",
      help: "lines 'NAME: HASH' by netwright password",
      yaml: "text",
    },
    "insecure-auth": { rare: true, help: "take passwords in clear text" },
    headers: {
      value: "FILE",
      rare: true,
      help: "fields of all responses: lines 'Name: value' (YAML)",
      yaml: "text",
    },
    cors: { value: "ORIGIN", rare: true, help: "whose scripts may read it; * for all" },
    spa: { rare: true, help: "answer missing pages with /index.html" },
    "no-listing": { rare: true, help: "do not list folders without an index" },
    "access-log": { value: "FILE", help: "append a line for each request" },
    "access-format": {
      value: "FORMAT",
      rare: true,
      help: "format of the access log: combined, json",
    },
    sample: { value: "BYTES", rare: true, help: "no folder, but so many bytes, to measure with" },
  },
  parse(args) {
    const { options } = args;
    const { root = ".", cors } = options;
    const fields = fromDocument(args, "headers", parseFields) ?? [];
    const origins = [...fields, ...cors === undefined ? [] : corsFields(cors)]
      .filter(([name]) => /^access-control-allow-origin$/i.test(name));
    if (origins.length > 1) {
      throw new UsageError("--cors and a header Access-Control-Allow-Origin exclude each other");
    }
    return {
      root,
      sampleBytes: sampleOf(options.sample),
      listing: options["no-listing"] === undefined,
      singlePage: options.spa !== undefined,
      fields,
      cors,
      users: usersOf(args),
      accessLog: accessLogOf(args),
    };
  },
  capabilities: ({ root, sampleBytes, accessLog }) => ({
    read: [
      ...sampleBytes === undefined ? [root] : [],
      ...accessLog === undefined ? [] : [accessLog.path],
    ],
    ...(accessLog !== undefined && { write: [accessLog.path] }),
  }),
  stream: async (configuration) => {
    return await (await import("./_http_service.ts")).httpService(configuration);
  },
};

function usersOf(args: ServiceArguments) {
  const { options, endpoint, isSecure } = args;
  if (options.users === undefined) return undefined;
  const isElsewhere = endpoint !== undefined && "hostname" in endpoint &&
    !isLoopback(endpoint.hostname);
  if (isElsewhere && isSecure !== true && options["insecure-auth"] === undefined) {
    throw new UsageError(
      "passwords would come in clear text: use --tls-cert and --tls-key, or --insecure-auth",
    );
  }
  const users = fromDocument(args, "users", parseUsers);
  return users && Object.fromEntries(users);
}

function sampleOf(size: string | undefined): number | undefined {
  if (size === undefined) return undefined;
  if (/^\d{1,8}$/.test(size)) return Number(size);
  throw new UsageError("--sample is a number of bytes");
}

function accessLogOf({ options }: ServiceArguments): HttpConfiguration["accessLog"] {
  const { "access-log": path, "access-format": requested = "combined" } = options;
  const format = ACCESS_LOG_FORMATS.find((name) => name === requested);
  if (format === undefined) {
    throw new UsageError(`--access-format takes ${ACCESS_LOG_FORMATS.join(", ")}`);
  }
  return path === undefined ? undefined : { path, format };
}

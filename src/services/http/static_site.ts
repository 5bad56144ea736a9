/**
 * Files over HTTP: the responses to requests.
 *
 * @module
 */

import { trimBlanks } from "../../net/internal.ts";
import {
  formatHttpDate,
  parseHttpDate,
  parseRange,
  prepareFields,
} from "../../protocols/http/internal.ts";
import {
  type HttpHeaders,
  type HttpResponse,
  type RequestHead,
  textResponse,
} from "../../protocols/http/mod.ts";
import { mediaTypeOf } from "../../reference/mod.ts";
import type { PublicFile, PublicFiles } from "../../stores/internal.ts";
import { folderPage } from "./folder_page.ts";

/** Encodings that a sibling of a file may hold, the better one first. */
const SIBLINGS = [["br", ".br"], ["gzip", ".gz"]] as const;

/** How a {@link StaticSite} answers. */
export interface StaticSiteOptions {
  /** Whether folders without an index are listed. @default {true} */
  readonly listing?: boolean;
  /** Whether a page that is not there is answered with the first one, whose script shows it. @default {false} */
  readonly singlePage?: boolean;
}

/** Answers requests with the files of a folder. */
export class StaticSite {
  readonly #files: PublicFiles;
  readonly #options: StaticSiteOptions;
  /** The response body of a cached file, by the encodings that the client accepts. */
  readonly #variants = new WeakMap<PublicFile, Map<string, Variant>>();

  /**
   * Answers with these files.
   * @param files The folder.
   * @param options Differences from the defaults.
   */
  constructor(files: PublicFiles, options: StaticSiteOptions = {}) {
    this.#files = files;
    this.#options = options;
  }

  /**
   * Answers a request.
   * @param head The request.
   * @returns The response; a file is closed when its last piece was read. Cached files are sent at once.
   */
  answer(head: RequestHead): HttpResponse | Promise<HttpResponse> {
    const { method, target } = head;
    if (method === "OPTIONS") return { status: 204, fields: [ALLOW], body: NOTHING };
    if (method !== "GET" && method !== "HEAD") return textResponse(405, undefined, [ALLOW]);
    const query = target.indexOf("?");
    const path = query < 0 ? target : target.slice(0, query);
    const name = decodePath(path);
    if (name === undefined) return textResponse(400, "the path is malformed");
    const kept = this.#files.kept(name);
    const variant = kept && this.#variants.get(kept)?.get(encodingsFor(head.headers));
    return variant === undefined ? this.#look(head, path, name) : answerWith(head, variant);
  }

  async #look(head: RequestHead, path: string, name: string): Promise<HttpResponse> {
    const isFolder = name === "" || name.endsWith("/");
    const opened = await this.#files.open(isFolder ? name.slice(0, -1) : name);
    if (opened === undefined) return await this.#missing(head, name);
    if (opened.kind === "file") {
      if (!isFolder) return await this.#file(head, opened, name);
      opened[Symbol.dispose]();
      return textResponse(404);
    }
    if (isFolder) return await this.#folder(head, name);
    // Two slashes at the beginning would lead to another host.
    const location = `${path.replace(/^\/+/, "/")}/${head.target.slice(path.length)}`;
    return textResponse(301, undefined, [["Location", location]]);
  }

  /** A missing file may be a route of a program that runs in the browser. */
  async #missing(head: RequestHead, name: string): Promise<HttpResponse> {
    const wantsPage = this.#options.singlePage === true && !/(?:^|\/)\.|\.[^/]*$/.test(name) &&
      /\*\/\*|text\/(?:\*|html)/i.test(head.headers.get("accept") ?? "*/*");
    const index = wantsPage ? await this.#files.open("index.html") : undefined;
    if (index?.kind !== "file") return textResponse(404);
    const answer = await this.#file(head, index, "index.html");
    return { ...answer, fields: [...answer.fields, ["Vary", "Accept"]] };
  }

  async #folder(head: RequestHead, name: string): Promise<HttpResponse> {
    const index = await this.#files.open(`${name}index.html`);
    if (index?.kind === "file") return await this.#file(head, index, `${name}index.html`);
    if (this.#options.listing === false) return textResponse(404);
    const entries = await this.#files.list(name.slice(0, -1));
    if (entries === undefined) return textResponse(404);
    const body = new TextEncoder().encode(folderPage(`/${name}`, entries));
    return { status: 200, fields: [["Content-Type", "text/html; charset=utf-8"], NOSNIFF], body };
  }

  /** Answers with a file, or with one beside it that holds the same, compressed. */
  async #file(head: RequestHead, plain: PublicFile, name: string): Promise<HttpResponse> {
    const encodings = encodingsFor(head.headers);
    const variant = await this.#choose(plain, name, encodings);
    // As long as the file is believed not to have changed, so are those beside it.
    if (plain.bytes !== undefined && variant.file.bytes !== undefined) {
      let variants = this.#variants.get(plain);
      if (variants === undefined) this.#variants.set(plain, variants = new Map());
      variants.set(encodings, variant);
    }
    return answerWith(head, variant);
  }

  async #choose(plain: PublicFile, name: string, encodings: string): Promise<Variant> {
    let varies = false;
    for (const [encoding, ending] of SIBLINGS) {
      const file = await this.#files.open(`${name}${ending}`);
      if (file?.kind !== "file") continue;
      // One that is older than the file holds something else.
      const isSame = wholeSeconds(file.modified) >= wholeSeconds(plain.modified);
      if (isSame && encodings.includes(encoding)) {
        plain[Symbol.dispose]();
        return describe(file, name, { encoding, varies: true });
      }
      file[Symbol.dispose]();
      varies ||= isSame;
    }
    return describe(plain, name, { varies });
  }
}

/** A file as it is sent: plain or compressed. */
interface Variant {
  readonly file: PublicFile;
  readonly tag: string;
  readonly fields: HttpResponse["fields"];
}

function describe(
  file: PublicFile,
  name: string,
  { encoding, varies }: { readonly encoding?: string; readonly varies: boolean },
): Variant {
  const version = `${file.modified.getTime().toString(36)}-${file.size.toString(36)}`;
  const tag = `"${version}${encoding ?? ""}"`;
  const fields: [string, string][] = [
    ["Content-Type", typeOf(name)],
    ["Last-Modified", formatHttpDate(file.modified)],
    ["ETag", tag],
    ["Accept-Ranges", "bytes"],
    ["X-Content-Type-Options", "nosniff"],
  ];
  if (encoding !== undefined) fields.push(["Content-Encoding", encoding]);
  // Caches must know that the response depends on Accept-Encoding (RFC 9110 §12.5.5).
  if (varies) fields.push(["Vary", "Accept-Encoding"]);
  return { file, tag, fields: prepareFields(fields) };
}

function answerWith(
  { method, headers }: RequestHead,
  { file, tag, fields }: Variant,
): HttpResponse {
  const modified = wholeSeconds(file.modified);
  const verdict = judgeConditions(headers, tag, modified);
  if (verdict !== undefined) {
    file[Symbol.dispose]();
    return verdict === 304 ? { status: 304, fields, body: NOTHING } : textResponse(412);
  }
  const requested = method === "GET" && rangeIsWanted(headers, tag, modified)
    ? parseRange(headers.get("range"), file.size)
    : undefined;
  if (requested === undefined) {
    return { status: 200, fields, body: readFile(file, 0, file.size, method === "HEAD") };
  }
  if (requested === "unsatisfiable") {
    file[Symbol.dispose]();
    return textResponse(416, undefined, [["Content-Range", `bytes */${file.size}`]]);
  }
  const { start, end } = requested;
  const range = ["Content-Range", `bytes ${start}-${end - 1}/${file.size}`] as const;
  return { status: 206, fields: [...fields, range], body: readFile(file, start, end, false) };
}

/** Fields that hold a date have whole seconds. */
function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

/** The encodings that a client takes of those that there may be; parts are of the plain file. */
function encodingsFor(headers: HttpHeaders): string {
  const accepted = headers.get("accept-encoding");
  if (accepted === undefined || headers.get("range") !== undefined) return "";
  return SIBLINGS.map(([encoding]) => accepts(accepted, encoding) ? encoding : "").join(" ");
}

const NOTHING = new Uint8Array(0);
const ALLOW = ["Allow", "GET, HEAD, OPTIONS"] as const;
const NOSNIFF = ["X-Content-Type-Options", "nosniff"] as const;

/**
 * Turns a path into the name of a file.
 *
 * @param path The path of the request: slashes divide it before anything is decoded.
 * @returns The name without its first slash; undefined if an encoding is none, or hides a slash or NUL.
 */
function decodePath(path: string): string | undefined {
  if (!path.startsWith("/")) return undefined;
  try {
    const parts = path.slice(1).split("/").map(decodeURIComponent);
    return parts.some((part) => /[/\\\0]/.test(part)) ? undefined : parts.join("/");
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** Whether a client takes an encoding (RFC 9110 §12.5.3). */
function accepts(field: string, encoding: string): boolean {
  return field.split(",").some((entry) => {
    const [name = "", ...parameters] = trimBlanks(entry).toLowerCase().split(";");
    return trimBlanks(name) === encoding &&
      !parameters.some((text) => /^[ \t]*q=0(?:\.0*)?[ \t]*$/.test(text));
  });
}

/** The result of a request's conditions (RFC 9110 §13.2.2); undefined to continue. */
function judgeConditions(headers: HttpHeaders, tag: string, modified: Date): 304 | 412 | undefined {
  const match = headers.get("if-match");
  if (match !== undefined && !hasTag(match, tag)) return 412;
  const unmodified = readDate(headers, "if-unmodified-since");
  if (match === undefined && unmodified !== undefined && modified > unmodified) return 412;
  const none = headers.get("if-none-match");
  if (none !== undefined) return hasTag(none.replaceAll("W/", ""), tag) ? 304 : undefined;
  const since = readDate(headers, "if-modified-since");
  return since !== undefined && modified <= since ? 304 : undefined;
}

function readDate(headers: HttpHeaders, name: string): Date | undefined {
  const value = headers.get(name);
  return value === undefined ? undefined : parseHttpDate(value);
}

function hasTag(field: string, tag: string): boolean {
  return trimBlanks(field) === "*" || field.split(",").some((entry) => trimBlanks(entry) === tag);
}

/**
 * A range is of no use to a client that has another version of the rest (RFC 9110 §13.1.5). A date is not a strong
 * validator as long as the file may change again within the same second (§8.8.2.2).
 */
function rangeIsWanted(headers: HttpHeaders, tag: string, modified: Date): boolean {
  const condition = headers.get("if-range");
  if (condition === undefined) return true;
  return condition.startsWith('"')
    ? condition === tag
    : parseHttpDate(condition)?.getTime() === modified.getTime() &&
      modified < wholeSeconds(new Date());
}

/** A large file is closed when it is sent. */
function readFile(
  file: PublicFile,
  start: number,
  end: number,
  headOnly: boolean,
): HttpResponse["body"] {
  const bytes = end - start;
  if (headOnly) {
    file[Symbol.dispose]();
    return { bytes, pieces: none() };
  }
  return file.bytes?.subarray(start, end) ?? { bytes, pieces: readAndClose(file, start, end) };
}

async function* none(): AsyncGenerator<Uint8Array> {}

async function* readAndClose(
  file: PublicFile,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  using _closed = file;
  yield* file.read(start, end);
}

/** The media type of a file; text is taken to be UTF-8. */
function typeOf(name: string): string {
  const type = mediaTypeOf(name);
  return type.startsWith("text/") ? `${type}; charset=utf-8` : type;
}

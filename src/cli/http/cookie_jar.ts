/**
 * Cookies in a file, in the format of Netscape, which curl and wget read and write too.
 *
 * @module
 */

import type { Cookie, CookieJar } from "tough-cookie";
import { fromByteString, toByteString } from "../../net/internal.ts";
import { UsageError } from "../../net/mod.ts";
import type { CookieStore } from "../../protocols/http/mod.ts";
import { isThere, readBytesIfThere, replaceFile, writeAtomically } from "../../stores/internal.ts";

/** Largest file, in bytes. */
const MAX_BYTES = 16 * 1024 * 1024;
/** The end of the year 9999, in seconds. */
const LATEST = 253_402_300_799;
const FIRST_LINE = "# Netscape HTTP Cookie File";
const HTTP_ONLY = "#HttpOnly_";

/** Names of RFC 6761 and 6762 that are no hosts of a site. */
const SPECIAL_NAMES: ReadonlySet<string> = new Set(["test", "example", "local", "invalid"]);

/** A jar of cookies that was read from a file, and can be written to it. */
export class CookieFile implements CookieStore {
  readonly #jar: CookieJar;
  readonly #path: string | undefined;
  #isChanged = false;

  private constructor(jar: CookieJar, path: string | undefined) {
    this.#jar = jar;
    this.#path = path;
  }

  /**
   * Reads a file.
   * @param path The file, which need not be there; undefined for cookies that are not kept.
   * @returns The jar.
   * @throws {UsageError} If the file is something else.
   */
  static async open(path: string | undefined): Promise<CookieFile> {
    const { Cookie, CookieJar } = await import("tough-cookie");
    const jar = new CookieJar(undefined, { looseMode: true, rejectPublicSuffixes: true });
    if (path !== undefined) {
      // A character for each byte, as fields have them: cookies go back as they came.
      const text = toByteString(await readBytesIfThere(path, MAX_BYTES) ?? new Uint8Array(0));
      const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !isRemark(line));
      let bad = 0;
      for (const line of lines) if (!add(Cookie, jar, line)) bad++;
      // One bad line costs itself only; a file of nothing else is none of cookies.
      if (bad > 0 && bad === lines.length) {
        throw new UsageError(`${path} holds no cookies in the format of Netscape`);
      }
    }
    return new CookieFile(jar, path);
  }

  /** As {@link CookieStore.get}. */
  get(url: URL): string {
    // The library throws on names such as `test` and `local`, which are public suffixes: no host of that name has cookies.
    if (SPECIAL_NAMES.has(url.hostname)) return "";
    return this.#jar.getCookieStringSync(url.href);
  }

  /** As {@link CookieStore.set}. */
  set(url: URL, fields: readonly string[]): void {
    for (const field of fields) {
      const kept = this.#jar.setCookieSync(field, url.href, { ignoreError: true });
      if (kept !== undefined) this.#isChanged = true;
    }
  }

  /** Writes the file, if there are other cookies now. */
  async save(): Promise<void> {
    if (this.#path === undefined || !this.#isChanged) return;
    const { Cookie } = await import("tough-cookie");
    const { cookies } = this.#jar.serializeSync() ?? { cookies: [] };
    const lines = cookies.flatMap((data) => {
      const cookie = Cookie.fromJSON(data);
      const until = cookie?.expiryTime() ?? Infinity;
      // What a server has deleted does not come back.
      if (cookie === undefined || cookie === null || until <= Date.now()) return [];
      const { domain, hostOnly, path, secure, httpOnly, key, value } = cookie;
      const parts = [
        `${httpOnly ? HTTP_ONLY : ""}${hostOnly ? "" : "."}${domain ?? ""}`,
        hostOnly ? "FALSE" : "TRUE",
        path ?? "/",
        secure ? "TRUE" : "FALSE",
        until === Infinity ? 0 : Math.min(Math.floor(until / 1000), LATEST),
        key,
        value,
      ];
      // A part that would make parts of its own cannot be kept.
      return parts.some((part) => /[\t\r\n\0]/.test(`${part}`)) ? [] : [parts.join("\t")];
    });
    const content = fromByteString(`${[FIRST_LINE, "", ...lines].join("\n")}\n`);
    // Cookies are as good as passwords.
    if (await isThere(this.#path)) await replaceFile(this.#path, content);
    else await writeAtomically(this.#path, content, { mode: 0o600 });
  }
}

function isRemark(line: string): boolean {
  return line.startsWith("#") && !line.startsWith(HTTP_ONLY);
}

/** Takes one line of a file. */
function add(Cookie: CookieClass, jar: CookieJar, line: string): boolean {
  const isHttpOnly = line.startsWith(HTTP_ONLY);
  const parts = (isHttpOnly ? line.slice(HTTP_ONLY.length) : line).split("\t");
  const [domain = "", withNames, path = "/", secure, until = "0", key = "", value = ""] = parts;
  if (parts.length < 6 || parts.length > 7 || !/^-?\d{1,30}$/.test(until)) return false;
  const host = domain.replace(/^\./, "");
  const cookie = new Cookie({
    key,
    value,
    path,
    secure: secure === "TRUE",
    httpOnly: isHttpOnly,
    hostOnly: withNames !== "TRUE",
    ...(withNames === "TRUE" && { domain: host }),
    expires: Number(until) === 0 ? "Infinity" : new Date(Math.min(Number(until), LATEST) * 1000),
  });
  try {
    jar.setCookieSync(cookie, `${secure === "TRUE" ? "https" : "http"}://${host}${path}`, {
      ignoreError: true,
    });
  } catch {
    return false;
  }
  return true;
}

type CookieClass = typeof Cookie;

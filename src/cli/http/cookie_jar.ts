/**
 * Cookies in a file, in the format of Netscape, which curl and wget read and write too.
 *
 * @module
 */

import type { CookieJar } from "tough-cookie";
import { UsageError } from "../../net/mod.ts";
import type { CookieStore } from "../../protocols/http/mod.ts";
import { readTextIfThere, replaceFile } from "../../stores/internal.ts";

/** Largest file, in bytes. */
const MAX_BYTES = 16 * 1024 * 1024;
const FIRST_LINE = "# Netscape HTTP Cookie File";
const HTTP_ONLY = "#HttpOnly_";

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
    const { CookieJar } = await import("tough-cookie");
    const jar = new CookieJar(undefined, { looseMode: true, rejectPublicSuffixes: true });
    if (path !== undefined) {
      const text = await readTextIfThere(path, MAX_BYTES) ?? "";
      for (const [index, line] of text.split(/\r?\n/).entries()) {
        await add(jar, line, path, index + 1);
      }
    }
    return new CookieFile(jar, path);
  }

  /** As {@link CookieStore.get}. */
  get(url: URL): string {
    return this.#jar.getCookieStringSync(url.href);
  }

  /** As {@link CookieStore.set}. */
  set(url: URL, fields: readonly string[]): void {
    for (const field of fields) {
      const kept = this.#jar.setCookieSync(asText(field), url.href, { ignoreError: true });
      if (kept !== undefined) this.#isChanged = true;
    }
  }

  /** Writes the file, if there are other cookies now. */
  async save(): Promise<void> {
    if (this.#path === undefined || !this.#isChanged) return;
    const { cookies } = this.#jar.serializeSync() ?? { cookies: [] };
    const lines = cookies.map((cookie) => {
      const { domain = "", hostOnly, path = "/", secure, httpOnly, expires, key = "", value } =
        cookie;
      const until = typeof expires === "string" && expires !== "Infinity"
        ? Math.floor(Date.parse(expires) / 1000)
        : 0;
      return [
        `${httpOnly ? HTTP_ONLY : ""}${hostOnly ? "" : "."}${domain}`,
        hostOnly ? "FALSE" : "TRUE",
        path,
        secure ? "TRUE" : "FALSE",
        until,
        key,
        value,
      ].join("\t");
    });
    await replaceFile(
      this.#path,
      new TextEncoder().encode(`${[FIRST_LINE, "", ...lines].join("\n")}\n`),
    );
  }
}

/** Takes one line of a file; remarks are left out. */
async function add(jar: CookieJar, line: string, file: string, number: number): Promise<void> {
  const isHttpOnly = line.startsWith(HTTP_ONLY);
  const text = isHttpOnly ? line.slice(HTTP_ONLY.length) : line;
  if (text.trim() === "" || text.startsWith("#")) return;
  const parts = text.split("\t");
  const [domain = "", withNames, path = "/", secure, until = "0", key = "", value = ""] = parts;
  if (parts.length < 6 || parts.length > 7 || !/^-?\d{1,16}$/.test(until)) {
    throw new UsageError(`${file}: line ${number} is not a cookie in the format of Netscape`);
  }
  const { Cookie } = await import("tough-cookie");
  const host = domain.replace(/^\./, "");
  const cookie = new Cookie({
    key,
    value,
    path,
    secure: secure === "TRUE",
    httpOnly: isHttpOnly,
    hostOnly: withNames !== "TRUE",
    ...(withNames === "TRUE" && { domain: host }),
    expires: Number(until) === 0 ? "Infinity" : new Date(Number(until) * 1000),
  });
  jar.setCookieSync(cookie, `${secure === "TRUE" ? "https" : "http"}://${host}${path}`, {
    ignoreError: true,
  });
}

/** Fields hold bytes; those of cookies are UTF-8 if they can be. */
function asText(field: string): string {
  const bytes = Uint8Array.from(field, (character) => character.charCodeAt(0));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return field;
  }
}

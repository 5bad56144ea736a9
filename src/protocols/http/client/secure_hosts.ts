/**
 * Hosts that want to be reached by TLS only: HTTP Strict Transport Security (RFC 6797).
 *
 * @module
 */

import { trimBlanks, withoutBrackets } from "../../../net/internal.ts";
import { isIp } from "../../../net/mod.ts";

/** Most hosts that are remembered. */
const MAX_HOSTS = 10_000;

/** The hosts that said so. */
export class SecureHosts {
  readonly #hosts = new Map<string, { readonly until: number; readonly withNames: boolean }>();

  /**
   * Takes what a server says.
   * @param url The resource; only by TLS it counts.
   * @param field The value of its field `Strict-Transport-Security`.
   * @param now The time, in milliseconds since 1970.
   */
  learn({ protocol, hostname }: URL, field: string | undefined, now: number = Date.now()): void {
    if (field === undefined || protocol !== "https:" || isIp(bare(hostname))) return;
    const directives = new Map(
      field.split(";").map((part) => {
        const [name = "", value = ""] = part.split("=", 2);
        return [trimBlanks(name).toLowerCase(), trimBlanks(value).replace(/^"(.*)"$/, "$1")];
      }),
    );
    const age = directives.get("max-age") ?? "";
    if (!/^\d{1,12}$/.test(age)) return;
    if (Number(age) === 0) this.#hosts.delete(hostname);
    else if (this.#hosts.size < MAX_HOSTS) {
      this.#hosts.set(hostname, {
        until: now + Number(age) * 1000,
        withNames: directives.has("includesubdomains"),
      });
    }
  }

  /**
   * Moves a resource to TLS if its host wants that.
   * @param url The resource.
   * @param now The time, in milliseconds since 1970.
   * @returns The resource to ask for.
   */
  upgrade(url: URL, now: number = Date.now()): URL {
    if (url.protocol !== "http:" || !this.#covers(url.hostname, now)) return url;
    const secured = new URL(url);
    secured.protocol = "https:";
    return secured;
  }

  #covers(hostname: string, now: number): boolean {
    for (let name = hostname, isOwn = true; name !== ""; isOwn = false) {
      const entry = this.#hosts.get(name);
      if (entry !== undefined && entry.until > now && (isOwn || entry.withNames)) return true;
      const dot = name.indexOf(".");
      name = dot < 0 ? "" : name.slice(dot + 1);
    }
    return false;
  }
}

function bare(hostname: string): string {
  return withoutBrackets(hostname);
}

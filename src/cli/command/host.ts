/**
 * Facts of this host that a command needs to work out its capabilities.
 *
 * @module
 */

import { systemResolver, toFileError } from "../../net/internal.ts";
import { ConnectError, toNetwrightError } from "../../net/mod.ts";

/** What `capabilities()` may ask. */
export interface Host {
  /**
   * Looks up the addresses of a name the way the system's own programs do.
   * @param hostname A name or an address.
   * @param family Which kind of address; both if absent.
   * @throws {ConnectError} With kind `name not found`.
   */
  lookUp(hostname: string, family?: 4 | 6): Promise<string[]>;
  /** Reads a small text file of the system; undefined if there is none. */
  readText(path: string): Promise<string | undefined>;
  /** Lists the addresses of the network interfaces. */
  interfaces(): Deno.NetworkInterfaceInfo[];
}

/** This host, asked through the runtime. */
export const systemHost: Host = {
  async lookUp(hostname, family) {
    const dns = await systemResolver();
    const answers = await dns.lookup(hostname, { all: true, family: family ?? 0 }).catch(
      (cause) => {
        const text = String(cause);
        if (text.includes("EPERM")) {
          throw toNetwrightError(
            new Deno.errors.NotCapable(`net access to "${hostname}", --allow-net`),
            { operation: "look up", peer: hostname },
          );
        }
        throw notFound(hostname, family, cause);
      },
    );
    const addresses = answers
      .filter((answer) => family === undefined || answer.family === family)
      .map((answer) => answer.address);
    if (addresses.length === 0) throw notFound(hostname, family);
    return [...new Set(addresses)];
  },
  async readText(path) {
    try {
      return await Deno.readTextFile(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw toFileError(error, { operation: "read", peer: path });
    }
  },
  interfaces() {
    try {
      return Deno.networkInterfaces();
    } catch (error) {
      throw toNetwrightError(error, { operation: "list the interfaces" });
    }
  },
};

function notFound(hostname: string, family: 4 | 6 | undefined, cause?: unknown): ConnectError {
  const reason = family === undefined ? "name not found" : `no IPv${family} address found`;
  return new ConnectError(reason, {
    operation: "look up",
    peer: hostname,
    kind: "name not found",
    cause,
  });
}

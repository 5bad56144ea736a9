/**
 * A row of the tour.
 *
 * @module
 */

import { dial, parseEndpoint, readToEnd, writeAll } from "../../../../net/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The folder that is served: our own sources, which are there wherever the tour runs from source. */
const ROOT = import.meta.dirname ?? ".";

/** The row of 15.1. */
export const row: TourRow = {
  id: "15.1",
  program: "serve http",
  checked: "files, parts of files and the list of a folder; nothing outside, nothing malformed",
  needs: { read: [ROOT] },
  async run(tour) {
    const where = parseEndpoint(await tour.serve("http", { service: { root: ROOT } }));
    const ask = async (target: string, fields = ""): Promise<string> => {
      using connection = await dial(where, { network: tour.network, signal: tour.signal });
      const request = `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}\r\n`;
      await writeAll(connection, new TextEncoder().encode(request));
      return new TextDecoder().decode(await readToEnd(connection));
    };
    expect((await ask("/../../../etc/passwd")).startsWith("HTTP/1.1 404 "), "it leaves its folder");
    expect((await ask("/%00")).startsWith("HTTP/1.1 400 "), "it takes NUL for a name");
    expect(
      (await ask("/", "X : y\r\n")).startsWith("HTTP/1.1 400 "),
      "a malformed request was accepted",
    );
    if (Deno.build.standalone || import.meta.dirname === undefined) {
      return "the program has no folder of its own here: refusals only";
    }
    expect((await ask("/")).includes('<a href="./http_server.ts">'), "the folder is not listed");
    expect((await ask("/http_server.ts")).includes("A row of the tour."), "the file is not served");
    const part = await ask("/http_server.ts", "Range: bytes=0-2\r\n");
    expect(part.startsWith("HTTP/1.1 206 ") && part.endsWith("\r\n\r\n/**"), "no part is served");
  },
};

/**
 * A row of the tour.
 *
 * @module
 */

import { readToEnd, writeAll } from "../../../../net/mod.ts";
import { expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";
import { serveSite } from "./_site.ts";

/** The row of 9.3. */
export const row: TourRow = {
  id: "9.3",
  program: "http get --proxy",
  checked: "a login by digest; a request by way of a proxy",
  async run(tour) {
    const site = await serveSite(tour);
    const own = site.replace("://", "://ann:sesame@");
    expectOutput(await tour.command(["http", "get", `${own}/private`]), 'Digest username="ann",\n');
    // A proxy of one request, which says what it was asked for.
    const proxy = await tour.serveStream(async (connection) => {
      const buffer = new Uint8Array(4096);
      const count = await connection.read(buffer) ?? 0;
      const line = new TextDecoder().decode(buffer.subarray(0, count)).split("\r\n", 1)[0];
      const answer = `HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${line}\n`;
      await writeAll(connection, new TextEncoder().encode(answer));
      await connection.closeWrite();
      await readToEnd(connection);
    });
    expectOutput(
      await tour.command(["http", "get", `${site}/private`, "--proxy", proxy]),
      `GET ${site}/private HTTP/1.1\n`,
    );
  },
};

/**
 * A row of the tour.
 *
 * @module
 */

import { LIBC_PATHS } from "../../../../net/internal.ts";
import { expect, expectOutput } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 3.5. */
export const row: TourRow = {
  id: "3.5",
  program: "interfaces, sockets, ping, trace",
  checked: "the loopback interface, our own listener, an echo, a path of one hop",
  needs: { sys: ["networkInterfaces"], ffi: LIBC_PATHS },
  async run(tour) {
    expectOutput(await tour.command(["interfaces"]), /\t127\.0\.0\.1\/8\t/);
    if (Deno.build.os !== "linux") return "sockets, ping and trace are for Linux";
    const where = await tour.serve("echo");
    const sockets = await tour.command(["sockets", "--listening", "--port", where.split(":")[1]!]);
    expectOutput(sockets, new RegExp(`\ntcp\tlisten\t${where}\t`));
    expectOutput(await tour.command(["trace", "127.0.0.1"]), /^ 1 {2}127\.0\.0\.1 /);
    const ping = await tour.command(["ping", "-c", "1", "127.0.0.1"]);
    if (/lets this user send no ICMP/.test(ping.stderr)) {
      return "ping: the system lets this user send no ICMP";
    }
    expectOutput(ping, /1 of 1 came back/);
    expect(!/error/.test(ping.stdout), "ping failed");
  },
};

/**
 * A row of the tour.
 *
 * @module
 */

import { LIBC_PATHS } from "../../../../net/internal.ts";
import { dial, parseEndpoint, socketOptions, UnsupportedError } from "../../../../net/mod.ts";
import { SystemSocket } from "../../../../os/internal.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 4.3. */
export const row: TourRow = {
  id: "4.3",
  program: "socket options",
  checked: "read and set where they can be; where not, the error says why",
  needs: { ffi: LIBC_PATHS },
  async run(tour) {
    const where = await tour.serve("echo");
    using connection = await dial(parseEndpoint(where), { network: tour.network });
    const options = socketOptions(connection);
    options.set("noDelay", true);
    let refused: unknown;
    try {
      options.get("linger");
    } catch (error) {
      refused = error;
    }
    expect(refused instanceof UnsupportedError, "reading linger should be refused");
    const command = await tour.command([
      ...["echo", where, "--message", "x", "--socket-option", "keepAlive=true"],
    ]);
    expect(command.status === 0, command.stderr);
    if (Deno.build.os !== "linux") return "the system's own sockets are for Linux";
    using socket = new SystemSocket({ version: 4, type: "stream" });
    socket.socketOptions.set("linger", 3);
    socket.socketOptions.set("keepAliveIdle", 77);
    expect(socket.socketOptions.get("linger") === 3, "linger differs");
    expect(socket.socketOptions.get("keepAliveIdle") === 77, "keepAliveIdle differs");
  },
};

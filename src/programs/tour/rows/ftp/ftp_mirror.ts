/**
 * A row of the tour.
 *
 * @module
 */

import { FtpClient } from "../../../../protocols/ftp/mod.ts";
import { FtpSide, mirror } from "../../../mirror/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 6.2. */
export const row: TourRow = {
  id: "6.2",
  program: "ftp mirror",
  checked:
    "a tree from one server to another; only changed files are copied, only removed ones deleted",
  async run(tour) {
    const side = async () => {
      const where = await tour.serve("ftp", { service: { anonymous: "write" } });
      const connect = async (): Promise<FtpClient> => {
        const { network, signal } = tour;
        return await FtpClient.connect(where, { network, signal });
      };
      return { connect, tree: new FtpSide("tree", connect) };
    };
    const [from, to] = [await side(), await side()];
    await using client = await from.connect();
    for (let n = 0; n < 20; n++) {
      await client.makeFolder(`tree/folder ${n % 3}`, { parents: true });
      await client.store(`tree/folder ${n % 3}/é ${n}`, [new Uint8Array(n * 100)]);
    }
    const { transferred, failed } = await mirror(from.tree, to.tree);
    expect(transferred === 20 && failed === 0, `${transferred} of 20 came, ${failed} failed`);
    await client.store("tree/folder 0/é 0", [new Uint8Array(7)]);
    await client.remove("tree/folder 1/é 1");
    const again = await mirror(from.tree, to.tree, { delete: true });
    const summary = `${again.transferred} ${again.unchanged} ${again.removed} ${again.failed}`;
    expect(summary === "1 18 1 0", `not 1 transferred, 18 unchanged, 1 removed: ${summary}`);
  },
};

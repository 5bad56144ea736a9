/** Lanes: when they are opened. */

import { assert, assertEquals } from "@std/assert";
import { delay } from "../../src/net/internal.ts";
import { Lanes, type LaneTask } from "../../src/programs/mirror/lanes.ts";
import type { MirrorSession, MirrorSide } from "../../src/programs/mirror/side.ts";

/** A side whose sessions take so long to open, and do nothing. */
function sideOf(openMs: number, opened: () => void): MirrorSide {
  const session = {
    isClosed: false,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  } as unknown as MirrorSession;
  return {
    open: async () => {
      if (openMs > 0) await delay(openMs);
      opened();
      return session;
    },
  } as unknown as MirrorSide;
}

async function lanesOpened(openMs: number, tasks: number, taskMs: number): Promise<number> {
  let opened = 0;
  const side = sideOf(openMs, () => opened++);
  await using lanes = new Lanes(side, sideOf(0, () => {}), { parallel: 3 });
  let done = 0;
  const task: LaneTask = {
    run: async () => {
      await delay(taskMs);
      done++;
    },
    fail: (error) => {
      throw error;
    },
  };
  await lanes.run(Array.from({ length: tasks }, () => task));
  assertEquals(done, tasks);
  return opened;
}

Deno.test("where it is dear to log in, short work is done in one lane", async () => {
  assertEquals(await lanesOpened(400, 20, 1), 1);
});

Deno.test("long work is done in as many lanes as there may be", async () => {
  assertEquals(await lanesOpened(20, 60, 20), 3);
});

Deno.test("no more lanes are opened than there are tasks", async () => {
  assert(await lanesOpened(1, 2, 200) <= 2);
});

/** Faults that our server makes on request, as our client sees them. */

import { assertEquals, assertThrows } from "@std/assert";
import { NetwrightError, UsageError } from "../../../../src/net/mod.ts";
import { parseFtpFaults } from "../../../../src/protocols/ftp/internal.ts";
import { FtpClient } from "../../../../src/protocols/ftp/mod.ts";
import { Served } from "../../../support/ftp_served.ts";

Deno.test("parseFtpFaults()", () => {
  assertEquals(parseFtpFaults("hang-after=1MiB, close-after=64K,cut-after=0,no-reply,no-data"), [
    { kind: "hang-after", bytes: 1024 ** 2 },
    { kind: "close-after", bytes: 65_536 },
    { kind: "cut-after", bytes: 0 },
    { kind: "no-reply" },
    { kind: "no-data" },
  ]);
  for (const bad of ["", "hang-after", "hang-after=", "hang-after=-1", "no-reply=1", "x"]) {
    assertThrows(() => parseFtpFaults(bad), UsageError);
  }
});

async function fetched(client: FtpClient): Promise<string> {
  let bytes = 0;
  try {
    for await (const piece of client.fetch("file")) bytes += piece.length;
    return `${bytes}`;
  } catch (error) {
    if (!(error instanceof NetwrightError)) throw error;
    return `${bytes} ${error.name}`;
  }
}

const CASES: [fault: string, outcome: string][] = [
  ["hang-after=1000", "1000 TimeoutError"],
  ["close-after=1000", "1000 DisconnectedError"],
  ["cut-after=1000", "1000"],
  ["cut-after=5000", "3000"],
  ["no-reply", "3000 TimeoutError"],
  ["no-data", "0 ReplyError"],
];

for (const [fault, outcome] of CASES) {
  Deno.test(`a download from a server with the fault ${fault}`, async () => {
    await using served = new Served({ faults: parseFtpFaults(fault) });
    await served.tree.write(
      ["file"],
      (async function* () {
        yield new Uint8Array(3000);
      })(),
    );
    const client = await served.connect({ timeoutMs: 200 }, "ann");
    assertEquals(await fetched(client), outcome);
    client.close();
  });
}

Deno.test("an upload that is cut stores the part that arrived, although the client cannot know", async () => {
  await using served = new Served({ faults: parseFtpFaults("cut-after=1000") });
  await using client = await served.connect({}, "ann");
  await client.store("file", [new Uint8Array(3000)]);
  assertEquals(await client.size("file"), 1000);
});

/** `ftp ls`: in which order, and by the letters that people type. */

import { assertEquals } from "@std/assert";
import { netwright, serve } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";

Deno.test("ftp ls sorts by name, time or size, and takes the letters of ls", () =>
  inFolder(async (folder) => {
    const files: [name: string, size: number, time: string][] = [
      ["b", 3, "2026-01-01T00:00:00Z"],
      ["a", 1, "2026-03-01T00:00:00Z"],
      ["c", 3, "2026-02-01T00:00:00Z"],
      [".d", 2, "2026-02-01T00:00:00Z"],
    ];
    for (const [name, size, time] of files) {
      await Deno.writeFile(`${folder}/${name}`, new Uint8Array(size));
      await Deno.utime(`${folder}/${name}`, new Date(time), new Date(time));
    }
    await using server = await serve(["ftp", "--listen", "127.0.0.1:0", "--root", folder]);
    const rows: [letters: string, names: string[]][] = [
      ["-a", [".d", "a", "b", "c"]],
      ["-r", ["c", "b", "a", ".d"]],
      ["-t", ["a", ".d", "c", "b"]],
      ["-tr", ["b", "c", ".d", "a"]],
      ["-S", ["b", "c", ".d", "a"]],
      ["-lat", ["a", ".d", "c", "b"]],
    ];
    for (const [letters, names] of rows) {
      const { code, stdout } = await netwright(["ftp", "ls", letters, `ftp://${server.endpoint}/`]);
      const lines = stdout.trimEnd().split("\n").map((line) => line.split("\t").at(-1));
      assertEquals([code, lines], [0, names], letters);
    }
  }));

/** Unit files before systemd's own judge. */

import { assertEquals } from "@std/assert";
import { netwright } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";
import { needs } from "./peers/needs.ts";

const LINES: readonly (readonly string[])[] = [
  ["echo", "--listen", "127.0.0.1:7"],
  ["http", "--root", 'a b%c$d\\e"f', "--access-log", "x.log", "--listen", "127.0.0.1:8080"],
  ["daytime", "--user", "nobody", "--listen", "127.0.0.1:13"],
  ["syslog", "--udp", "--file", "all.log", "--listen", "127.0.0.1:514"],
];

Deno.test({
  name: "systemd-analyze verifies the unit files",
  ignore: !await needs("systemd-analyze"),
  fn: () =>
    inFolder(async (folder) => {
      for (const [index, words] of LINES.entries()) {
        const { stdout, stderr, code } = await netwright(["serve", ...words, "--unit"]);
        assertEquals([code, stderr], [0, ""], words.join(" "));
        const file = `${folder}/netwright-${index}.service`;
        await Deno.writeTextFile(file, stdout);
        const judged = await new Deno.Command("systemd-analyze", { args: ["verify", file] })
          .output();
        assertEquals(
          [judged.code, new TextDecoder().decode(judged.stderr)],
          [0, ""],
          stdout,
        );
      }
    }),
});

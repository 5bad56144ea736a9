/** Our man pages as mandoc reads them. */

import { assertEquals, assertMatch } from "@std/assert";
import { writeManPages } from "../../scripts/man_pages.ts";
import { needs } from "./peers/needs.ts";

Deno.test({
  name: "mandoc finds no fault in the man pages but that they have no date",
  ignore: !await needs("mandoc"),
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await writeManPages(folder);
      const files: string[] = [];
      for (const section of ["man1", "man7"]) {
        for await (const { name } of Deno.readDir(`${folder}/${section}`)) {
          files.push(`${folder}/${section}/${name}`);
        }
      }
      const mandoc = async (...args: string[]) => {
        const { stdout } = await new Deno.Command("mandoc", { args }).output();
        return new TextDecoder().decode(stdout);
      };
      const faults = (await mandoc("-T", "lint", "-W", "warning", ...files)).split("\n");
      assertEquals(faults.filter((line) => line !== "" && !line.includes("missing date")), []);
      const shown = await mandoc("-T", "ascii", `${folder}/man1/netwright-serve-ftp.1`);
      assertMatch(shown.replaceAll(/.\x08/g, ""), /NAME\n +netwright-serve-ftp - share a folder/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

import { assert, assertEquals } from "@std/assert";
import { Tainted, verbatim } from "../../../src/net/mod.ts";

Deno.test("a tainted value is shown and compared without being given away", () => {
  const name = new Tainted("\x1b[2Jpasswd");
  assertEquals(name.forDisplay(), "\\x1b[2Jpasswd");
  assert(name.equals("\x1b[2Jpasswd") && name.equals(new Tainted("\x1b[2Jpasswd")));
  assert(!name.equals("passwd") && !name.equals(new Tainted("passwd")));
  assertEquals(name.toKey(), new Tainted("\x1b[2Jpasswd").toKey());
  assert(name.toKey() !== name.validate(verbatim));
  assertEquals(new Tainted(7).forDisplay(), "7");
  assert(new Tainted(7).equals(7) && !new Tainted<unknown>(7).equals("7"));
});

Deno.test("deno lint refuses a validator that checks nothing", async () => {
  const folder = await Deno.makeTempDir();
  const root = new URL("../../../", import.meta.url).pathname;
  try {
    const program = (validator: string): string =>
      `declare const name: { validate<T>(check: (text: string) => T): T };\nname.validate(${validator});\n`;
    const refused = async (validator: string): Promise<boolean> => {
      await Deno.writeTextFile(`${folder}/program.ts`, program(validator));
      const { stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["lint", "--config", `${root}deno.json`, `${folder}/program.ts`],
        env: { NO_COLOR: "1" },
      }).output();
      return new TextDecoder().decode(stderr).includes("netwright/no-empty-validator");
    };
    assert(await refused("(text) => text"));
    assert(await refused("(x: string) => x"));
    assert(!await refused("(text) => text.trim()"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

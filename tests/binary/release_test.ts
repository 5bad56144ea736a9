/** The archive that `deno task release` makes for this platform. */

import { assertEquals, assertMatch } from "@std/assert";
import { testBinary } from "../support/executable.ts";
import { ROOT } from "../support/netwright.ts";

async function output(program: string, args: readonly string[], cwd = ROOT): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args: [...args], cwd })
    .output();
  const text = new TextDecoder().decode(stdout);
  assertEquals(success, true, `${program}: ${text}${new TextDecoder().decode(stderr)}`);
  return text;
}

testBinary("the archive bears its checksum, unpacks to one folder, and runs", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await output(Deno.execPath(), [
      "run",
      "-A",
      "scripts/release.ts",
      "--stand-in",
      Deno.build.target,
    ]);
    assertMatch(await output("sha256sum", ["-c", "SHA256SUMS"], `${ROOT}dist/release`), /: OK\n$/);
    const name = (await Deno.readTextFile(`${ROOT}dist/release/SHA256SUMS`)).trim().split("  ")[1]!;
    await output("tar", ["-xzf", `${ROOT}dist/release/${name}`, "-C", folder]);
    const unpacked = `${folder}/${name.replace(/\.tar\.gz$/, "")}`;
    const files = await Array.fromAsync(Deno.readDir(unpacked), (entry) => entry.name);
    assertEquals(files.sort(), ["LICENSE", "README.md", "netwright"]);
    assertMatch(
      await output(`${unpacked}/netwright`, ["--version"], folder),
      /^netwright \d+\.\d+\.\d+ \(deno /,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

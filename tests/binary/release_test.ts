/** What `deno task release` makes for this platform: archive, checksums, bill of materials, Debian package. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { testBinary } from "../support/executable.ts";
import { OFFLINE_FLAGS, ROOT } from "../support/netwright.ts";

async function output(program: string, args: readonly string[], cwd = ROOT): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args: [...args], cwd })
    .output();
  const text = new TextDecoder().decode(stdout);
  assertEquals(success, true, `${program}: ${text}${new TextDecoder().decode(stderr)}`);
  return text;
}

const VERSION_LINE = /^netwright \d+\.\d+\.\d+ \(deno /;

testBinary(
  "a release has what its checksums name; archive and package install, run and go",
  async (t) => {
    await output(Deno.execPath(), [
      ...[
        "run",
        "-A",
        ...OFFLINE_FLAGS,
        "scripts/release/main.ts",
        "--stand-in",
        Deno.build.target,
      ],
    ]);
    const release = `${ROOT}dist/release`;
    const checked = await output("sha256sum", ["-c", "SHA256SUMS"], release);
    assertMatch(
      checked,
      /^netwright-\S+\.tar\.gz: OK\nnetwright-\S+\.cdx\.json: OK\nnetwright_\S+\.deb: OK\n$/,
    );
    const names = checked.trim().split("\n").map((line) => line.replace(": OK", ""));
    const present = await Array.fromAsync(Deno.readDir(release), ({ name }) => name);
    assertEquals(present.sort(), ["SHA256SUMS", ...names].sort());
    const folder = await Deno.makeTempDir();
    try {
      await t.step("the archive unpacks to one folder, and runs", async () => {
        await output("tar", ["-xzf", `${release}/${names[0]}`, "-C", folder]);
        const unpacked = `${folder}/${names[0]!.replace(/\.tar\.gz$/, "")}`;
        const files = await Array.fromAsync(Deno.readDir(unpacked), (entry) => entry.name);
        const documents = ["CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md"];
        assertEquals(
          files.sort(),
          [...documents, "completions", "docs", "man", "netwright", "sbom.cdx.json"].sort(),
        );
        for (const name of ["remote_ps", "change_password"]) {
          const dialogue = `docs/dialogues/${name}.yaml`;
          const words = ["telnet", "script", dialogue, "--check"];
          assertMatch(await output(`${unpacked}/netwright`, words, unpacked), / no mistakes\n$/);
        }
        assertMatch(await output(`${unpacked}/netwright`, ["--version"], folder), VERSION_LINE);
      });
      await t.step("the same sources make the same executable", async () => {
        const again = `${folder}/again`;
        await output(Deno.execPath(), [
          ...["run", "-A", ...OFFLINE_FLAGS, "scripts/compile.ts", "--output", again],
        ]);
        const name = names[0]!.replace(/\.tar\.gz$/, "");
        await output("cmp", [again, `${folder}/${name}/netwright`]);
      });
      await t.step("the bill of materials names the runtime and the packages inside", async () => {
        const bom = JSON.parse(await Deno.readTextFile(`${release}/${names[1]}`));
        assertEquals([bom.bomFormat, bom.specVersion], ["CycloneDX", "1.5"]);
        const parts: { name: string; version: string }[] = bom.components;
        assertEquals(parts.filter(({ name }) => name === "deno").length, 1);
        for (const name of ["echarts", "html-to-text", "picomatch"]) {
          assert(parts.some((part) => part.name === name && /^\d/.test(part.version)), name);
        }
        assertEquals(parts.some(({ name }) => ["fast-check", "nodemailer"].includes(name)), false);
      });
      await t.step("the package installs into a root of its own, and leaves nothing", async () => {
        const root = `${folder}/root`;
        for (const path of ["updates", "info", "triggers"]) {
          await Deno.mkdir(`${root}/var/lib/dpkg/${path}`, { recursive: true });
        }
        for (const path of ["status", "available"]) {
          await Deno.writeTextFile(`${root}/var/lib/dpkg/${path}`, "");
        }
        const dpkg = (...args: string[]) =>
          output("dpkg", [`--root=${root}`, "--force-depends", ...args]);
        await dpkg("--install", `${release}/${names[2]}`);
        assertMatch(await output(`${root}/usr/bin/netwright`, ["--version"], folder), VERSION_LINE);
        const listed = (await dpkg("--listfiles", "netwright")).split("\n");
        for (
          const path of [
            "/usr/share/man/man1/netwright-ftp-get.1.gz",
            "/usr/share/man/man7/netwright-sandbox.7.gz",
            "/usr/share/bash-completion/completions/netwright",
            "/usr/share/zsh/vendor-completions/_netwright",
            "/usr/share/fish/vendor_completions.d/netwright.fish",
            "/usr/share/doc/netwright/copyright",
            "/usr/share/doc/netwright/changelog.gz",
          ]
        ) assert(listed.includes(path), path);
        await dpkg("--purge", "netwright");
        const left = listed.filter((path) => path !== "" && path !== "/.").map((path) =>
          root + path
        );
        const found = await Promise.all(left.map((path) => Deno.lstat(path).catch(() => null)));
        assertEquals(left.filter((_, n) => found[n]?.isFile), []);
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

/** `ftp mirror` with Debian's `pure-ftpd` and `proftpd`: both ways, links, and a second run that moves nothing. */

import { assertEquals, assertMatch } from "@std/assert";
import { netwright } from "../support/netwright.ts";
import { describeTree, put, TestFolder } from "../support/trees.ts";
import { needs } from "./peers/needs.ts";
import { type FtpPeer, startProftpd, startPureFtpd } from "./peers/other_ftp_servers.ts";
import { run } from "./peers/program.ts";

const isRoot = Deno.uid() === 0;
const hasPureFtpd = isRoot && await needs("pure-ftpd");
const hasProftpd = isRoot && await needs("proftpd");

interface Peer {
  readonly isThere: boolean;
  readonly start: () => Promise<FtpPeer>;
  readonly hasDots: boolean;
}

const PEERS: Readonly<Record<string, Peer>> = {
  "pure-ftpd": {
    isThere: hasPureFtpd,
    start: () => startPureFtpd({ forbidsDots: false }),
    hasDots: true,
  },
  "pure-ftpd -x": {
    isThere: hasPureFtpd,
    start: () => startPureFtpd({ forbidsDots: true }),
    hasDots: false,
  },
  proftpd: { isThere: hasProftpd, start: startProftpd, hasDots: true },
};

/** Odd names, an empty file, one over every buffer, links. */
async function makeTree(root: string, hasDots: boolean): Promise<void> {
  const names = ["plain", " sp ace", "-dash", "\"quo'te`s$", "\u00e9 \u65e5\u672c", "a -> b"];
  if (hasDots) names.push(".dot");
  for (const [index, name] of names.entries()) {
    const path = `${root}/${name}/sub/${name}`;
    await put(path, "x".repeat(index * 1000));
    await Deno.utime(path, 1_500_000_000 + index, 1_500_000_000 + index);
  }
  await put(`${root}/big`, "0123456789abcdef".repeat(50_000));
  await Deno.symlink("big", `${root}/link`);
  await Deno.symlink("../plain", `${root}/-dash/folder link`);
}

/** Names, sizes and times of files only. */
function files(lines: readonly string[]): string[] {
  return lines.filter((line) => !line.includes(" -> ") && !line.includes(" folder "));
}

for (const [name, { isThere, start, hasDots }] of Object.entries(PEERS)) {
  Deno.test({ name: `a mirror from and to ${name}`, ignore: !isThere }, async (t) => {
    await using server = await start();
    await using folder = await TestFolder.make();
    const source = `${server.root}/tree`;
    await makeTree(source, hasDots);
    await run("chown", ["--recursive", "--no-dereference", "65534:65534", server.root]);
    const env = { NETWRIGHT_PASSWORD: server.password };
    const url = (path: string): string => `ftp://${server.user}@127.0.0.1:${server.port}/${path}`;
    const down = ["ftp", "mirror", url("tree/"), `${folder.path}/down`];
    const up = ["ftp", "mirror", "--upload", url("up"), `${folder.path}/down`];
    const whole = await describeTree(source);

    await t.step("down", async () => {
      const { code, stderr } = await netwright(down, { env });
      assertEquals(code, 0, stderr);
      assertEquals(files(await describeTree(`${folder.path}/down`)), files(whole));
      assertEquals(await Deno.readLink(`${folder.path}/down/link`), "big");
    });
    await t.step("down again moves nothing", async () => {
      const { code, stderr } = await netwright(down, { env });
      assertEquals(code, 0, stderr);
      assertMatch(stderr, /^0 files transferred \(0 bytes\)/m);
    });
    await t.step("a link is fetched as the file that it leads to", async () => {
      const to = `${folder.path}/link`;
      const { code, stderr } = await netwright(["ftp", "get", "--to", to, url("tree/link")], {
        env,
      });
      assertEquals(code, 0, stderr);
      assertEquals(Deno.readFileSync(to), Deno.readFileSync(`${source}/big`));
    });
    await t.step("up", async () => {
      const { code, stderr } = await netwright(up, { env });
      assertEquals(code, 0, stderr);
      assertEquals(files(await describeTree(`${server.root}/up`)), files(whole));
    });
    await t.step("up again moves nothing", async () => {
      const { code, stderr } = await netwright(up, { env });
      assertEquals(code, 0, stderr);
      assertMatch(stderr, /^0 files transferred \(0 bytes\)/m);
    });
  });
}

/** Our FTP client and mirror with Debian's `vsftpd`. */

import { assertEquals, assertMatch } from "@std/assert";
import { certificates } from "../support/certificates.ts";
import { netwright, startNetwright } from "../support/netwright.ts";
import { describeTree, TestFolder } from "../support/trees.ts";
import { needs } from "./peers/needs.ts";
import { startVsftpd, type Vsftpd } from "./peers/vsftpd.ts";

// It requires a user of its own.
const ignore = !(await needs("vsftpd")) || Deno.uid() !== 0;
if (ignore && Deno.env.get("CI") === "true") throw new Error("vsftpd must be run by root");

const BIG = 200 * 1024 * 1024;

function url({ port, user }: Vsftpd, path: string, scheme = "ftp"): string {
  // Its certificate is for this name.
  return `${scheme}://${user}@localhost:${port}/${encodeURI(path)}`;
}

function login({ password }: Vsftpd) {
  return { env: { NETWRIGHT_PASSWORD: password } };
}

/** Two thousand files with odd names, a large one, links. */
async function largeTree(root: string): Promise<void> {
  const names = [
    (n: number) => `plain${n}`,
    (n: number) => ` sp ace ${n} `,
    (n: number) => `-dash${n}`,
    (n: number) => `.dot${n}`,
    (n: number) => `"quo'te\`s$${n}`,
    (n: number) => `é ü 日本 ${n}`,
  ];
  const content = new Uint8Array(4096);
  for (let folder = 0; folder < 20; folder++) {
    const path = `${root}/${names[folder % 6]!(folder)}/sub`;
    await Deno.mkdir(path, { recursive: true });
    for (let n = 0; n < 100; n++) {
      crypto.getRandomValues(content);
      const file = `${path}${n % 2 ? "" : "/.."}/${names[n % 6]!(n)}`;
      await Deno.writeFile(file, content.subarray(0, n % 10 === 0 ? 0 : 4096));
      await Deno.utime(file, 0, 1_500_000_000 + folder * 1_000_003 + n);
      if (n % 7 === 0) await Deno.chmod(file, 0o600 + n % 8);
    }
    await Deno.symlink("../plain1", `${path}/link`);
  }
  const big = new Uint8Array(1024 * 1024);
  using file = await Deno.open(`${root}/big`, { write: true, create: true });
  for (let written = 0; written < BIG; written += big.length) {
    for (let i = 0; i < big.length; i += 65_536) {
      crypto.getRandomValues(big.subarray(i, i + 65_536));
    }
    await file.write(big);
  }
}

/** Times of folders in minutes: vsftpd lists no seconds, and reports the exact time of files only. */
function inMinutes(lines: readonly string[]): string[] {
  return lines.map((line) =>
    line.replace(/( folder \d+) (\d+)$/, (_, begin, at) => `${begin} ${Math.floor(at / 60)}`)
  );
}

/** Without what vsftpd cannot keep: links, and times of folders. */
function kept(lines: readonly string[]): string[] {
  return lines.filter((line) => !line.includes(" -> "))
    .map((line) => line.replace(/( folder \d+) \d+$/, "$1"));
}

/** Runs a mirror and kills it when it has reported so many files. */
async function killed(words: readonly string[], server: Vsftpd, after: number): Promise<void> {
  await using running = startNetwright([...words, "--verbose"], login(server));
  for (let reported = 0; reported < after; reported++) {
    if (await running.errorLine() === undefined) break;
  }
  await running.stop("SIGKILL");
}

Deno.test(
  { name: "a tree of 2,000 files from vsftpd, killed ten times, and back", ignore },
  async (t) => {
    await using server = await startVsftpd();
    await using folder = await TestFolder.make();
    const source = `${server.root}/tree`;
    await largeTree(source);
    await server.own();
    const whole = await describeTree(source);
    const down = ["ftp", "mirror", url(server, "tree"), `${folder.path}/down`];
    const up = ["ftp", "mirror", "--upload", url(server, "back/up"), `${folder.path}/down`];

    await t.step("down, killed ten times", async () => {
      const originals = new Set(whole);
      for (let round = 0; round < 10; round++) {
        await killed(down, server, 5 + Math.floor(Math.random() * 250));
        // No part of a file has the name of a whole one.
        const files = (await describeTree(`${folder.path}/down`)).filter((line) =>
          !/ folder |\.part"/.test(line)
        );
        assertEquals(files.filter((line) => !originals.has(line)), []);
      }
      const last = await netwright(down, login(server));
      assertEquals(last.code, 0, last.stderr);
      const there = inMinutes(await describeTree(`${folder.path}/down`));
      assertEquals(there.join("\n") === inMinutes(whole).join("\n"), true);
    });
    await t.step("again: nothing is transferred", async () => {
      const { code, stderr } = await netwright(down, login(server));
      assertEquals([code, stderr], [0, "0 files transferred (0 bytes), 2021 unchanged\n"]);
    });
    await t.step("up, killed five times", async () => {
      for (let round = 0; round < 5; round++) {
        await killed(up, server, 5 + Math.floor(Math.random() * 500));
      }
      const last = await netwright(up, login(server));
      assertEquals(last.code, 0, last.stderr);
      const there = kept(await describeTree(`${server.root}/back/up`));
      assertEquals(there.join("\n") === kept(whole).join("\n"), true);
    });
    await t.step("up again: nothing is transferred", async () => {
      const { code, stderr } = await netwright(up, login(server));
      assertEquals(code, 0);
      assertMatch(stderr, /^(?:skip: .*\n){20}0 files transferred \(0 bytes\), 2001 unchanged/);
    });
  },
);

Deno.test({ name: "vsftpd with TLS", ignore }, async (t) => {
  const { ca } = await certificates();
  await using folder = await TestFolder.make();
  await Deno.writeTextFile(`${folder.path}/ca.pem`, ca);
  const trust = ["--ca", `${folder.path}/ca.pem`];

  await t.step("files go and come", async () => {
    await using server = await startVsftpd({ tls: "any" });
    const target = url(server, "notes", "ftp+tls");
    const put = await netwright(["ftp", "put", "-", target, ...trust], {
      ...login(server),
      stdin: "hello\n",
    });
    assertEquals([put.code, put.stderr], [0, "notes: 6 bytes\n"]);
    const cat = await netwright(["ftp", "cat", target, ...trust], login(server));
    assertEquals([cat.code, cat.stdout, cat.stderr], [0, "hello\n", ""]);
    const ls = await netwright(
      ["ftp", "ls", url(server, "", "ftp+tls"), ...trust],
      login(server),
    );
    assertEquals([ls.code, ls.stdout], [0, "notes\n"]);
  });

  await t.step("where sessions must be resumed, the error says so and what to do", async () => {
    await using server = await startVsftpd({ tls: "resumed" });
    await Deno.writeTextFile(`${server.root}/notes`, "hello\n");
    const { code, stdout, stderr } = await netwright(
      ["ftp", "cat", url(server, "notes", "ftp+tls"), ...trust],
      login(server),
    );
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^netwright: ftp cat: localhost:\d+: .*(?:reuse|resum).*\n$/);
    assertMatch(stderr, /require_ssl_reuse/);
  });
});

Deno.test({
  name: "ftp shell works at vsftpd, and ftp copy --direct between it and our server",
  ignore,
  async fn() {
    await using server = await startVsftpd();
    await using folder = await TestFolder.make();
    await Deno.mkdir(`${server.root}/my dir`);
    await Deno.writeTextFile(`${server.root}/my dir/a 1.txt`, "one\n");
    await Deno.writeTextFile(`${server.root}/my dir/[b].txt`, "two\n");
    await server.own();
    const at = `ftp://${server.user}@127.0.0.1:${server.port}`;
    const shell = await netwright(["ftp", "shell", at, "--local", folder.path], {
      ...login(server),
      stdin: "cd my*\nget *.txt\nmkdir -p new/er\ncp 'a 1.txt' new/er/\nmv new/er/a* ../moved\n" +
        "ls\ncd\nls -l moved\nrm -r my\\ dir\nput \\[b].txt\nchmod 600 *b*\nls\n",
    });
    assertEquals([shell.code, shell.stdout.replaceAll(/\t\S+\t(?=moved)/g, "\tTIME\t")], [
      0,
      "[b].txt\na 1.txt\nnew\nfile\t0644\t4\tTIME\tmoved\n[b].txt\nmoved\n",
    ]);
    assertEquals(await Deno.readTextFile(`${server.root}/moved`), "one\n");
    assertEquals(await Deno.readTextFile(`${folder.path}/[b].txt`), "two\n");
    assertEquals((await Deno.stat(`${server.root}/[b].txt`)).mode! & 0o777, 0o600);

    const ours = `${folder.path}/ours`;
    await Deno.mkdir(ours);
    await using running = startNetwright([
      ...["serve", "ftp", "--listen", "127.0.0.1:0", "--root", ours, "--anonymous", "write"],
    ]);
    const [, port] = /:(\d+)$/.exec((await running.line())!)!;
    const big = new Uint8Array(3_000_000).fill(7);
    await Deno.writeFile(`${ours}/big`, big);
    for (
      const words of [[`ftp://127.0.0.1:${port}/big`, `${at}/big`], [
        `${at}/big`,
        `ftp://127.0.0.1:${port}/back`,
      ]]
    ) {
      const { code, stderr } = await netwright(
        ["ftp", "copy", "--direct", ...words],
        login(server),
      );
      assertEquals([code, stderr], [
        0,
        `${words[1]!.slice(words[1]!.lastIndexOf("/") + 1)}: 3000000 bytes\n`,
      ]);
    }
    assertEquals((await Deno.readFile(`${ours}/back`)).every((byte) => byte === 7), true);
    assertEquals((await Deno.stat(`${ours}/back`)).size, big.length);
  },
});

/** The duties of a daemon: its PID file, its user, its root folder, its background. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { netwright, serve } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";

const isRoot = Deno.build.os === "linux" && Deno.uid() === 0;
if (!isRoot && Deno.env.get("CI") === "true") throw new Error("these tests need root");

/** A field of each thread of a process. */
async function ofThreads(pid: number, field: string): Promise<string[]> {
  const values = new Set<string>();
  for await (const { name } of Deno.readDir(`/proc/${pid}/task`)) {
    const status = await Deno.readTextFile(`/proc/${pid}/task/${name}/status`).catch(() => "");
    const [, value] = new RegExp(`^${field}:\\t(.*)$`, "m").exec(status) ?? [];
    if (value !== undefined) values.add(value.trim().replaceAll("\t", " "));
  }
  return [...values];
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
  return text.trim().split(" ").filter((one) => one !== "").map(Number);
}

async function http(endpoint: string, path: string): Promise<string> {
  const response = await fetch(`http://${endpoint}${path}`);
  return `${response.status} ${await response.text()}`;
}

Deno.test("what makes no sense is refused before anything is opened", async (t) => {
  const rows: readonly (readonly [words: readonly string[], text: RegExp])[] = [
    [["--daemon"], /--daemon requires --log/],
    [["--umask", "9"], /--umask takes three octal digits/],
    [["--pid-file", ""], /--pid-file names no file/],
    [["--user", "no-such-user"], /there is no user "no-such-user"/],
    [["--group", "no-such-group"], /there is no group "no-such-group"/],
    [["--user", "4000000"], /has no entry: name a group too/],
    [["--chroot", "/none/such"], /\/none\/such is no folder/],
    [["--user", "nobody", "--fast"], /--fast cannot give up/],
    [["--user", "nobody", "--model", "prethread"], /--accept own cannot give up/],
    [["--chroot", "/tmp", "--model", "prefork"], /whose program is not in --chroot/],
  ];
  for (const [words, text] of rows) {
    await t.step(words.join(" "), async () => {
      const { code, stdout, stderr } = await netwright([
        ...["serve", "echo", "--listen", "127.0.0.1:0", ...words],
      ]);
      assert(code === 2 || code === 1, `${code}`);
      assertEquals(stdout, "");
      assertMatch(stderr, text);
    });
  }
});

Deno.test({
  name: "after listening it is nobody in a folder of its own, in all threads and for good",
  ignore: !isRoot,
  fn: () =>
    inFolder(async (folder) => {
      await Deno.chmod(folder, 0o755);
      await Deno.writeTextFile(`${folder}/a.txt`, "inside\n");
      const words = ["--root", "/", "--user", "nobody", "--chroot", folder, "-q"];
      await using server = await serve(["http", "--listen", "127.0.0.1:0", ...words]);
      const { pid } = server.child;
      assertEquals(await ofThreads(pid, "Uid"), ["65534 65534 65534 65534"]);
      assertEquals(await ofThreads(pid, "Gid"), ["65534 65534 65534 65534"]);
      assertEquals(await ofThreads(pid, "Groups"), ["65534"]);
      assertEquals(await Deno.readLink(`/proc/${pid}/root`), folder);
      assertEquals(await Deno.readLink(`/proc/${pid}/cwd`), folder);
      assertEquals(await http(server.endpoint, "/a.txt"), "200 inside\n");
      assertMatch(await http(server.endpoint, "/etc/passwd"), /^404 /);
    }),
});

Deno.test({
  name: "a group by itself, a user by number, and a port that only root may take",
  ignore: !isRoot,
  async fn() {
    await using grouped = await serve(["echo", "--listen", "127.0.0.1:0", "--group", "nogroup"]);
    assertEquals(await ofThreads(grouped.child.pid, "Gid"), ["65534 65534 65534 65534"]);
    assertEquals(await ofThreads(grouped.child.pid, "Uid"), ["0 0 0 0"]);
    const words = ["--user", "4000001", "--group", "4000002"];
    await using numbered = await serve(["daytime", "--udp", "--listen", "127.0.0.1:0", ...words]);
    assertEquals(await ofThreads(numbered.child.pid, "Uid"), ["4000001 4000001 4000001 4000001"]);
    assertEquals(await ofThreads(numbered.child.pid, "Groups"), ["4000002"]);
    const { stdout } = await netwright(["daytime", "--udp", numbered.endpoint]);
    assertMatch(stdout, /-UTC\n$/);
  },
});

for (const model of ["fork", "prefork", "thread"]) {
  Deno.test({
    name: `--model ${model}: whoever talks with clients is nobody`,
    ignore: !isRoot,
    async fn() {
      const words = ["--model", model, "--user", "nobody", "-q"];
      await using server = await serve(["echo", "--listen", "127.0.0.1:0", ...words]);
      const [hostname = "", port] = server.endpoint.split(":");
      using connection = await Deno.connect({ hostname, port: Number(port) });
      await connection.write(new TextEncoder().encode("hello\n"));
      const buffer = new Uint8Array(6);
      assertEquals(await connection.read(buffer), 6);
      const { pid } = server.child;
      const processes = [pid, ...await childrenOf(pid)];
      if (model !== "thread") assert(processes.length > 1);
      for (const one of processes) {
        assertEquals(await ofThreads(one, "Uid"), ["65534 65534 65534 65534"], `${one}`);
        assertEquals(await ofThreads(one, "Groups"), ["65534"], `${one}`);
      }
    },
  });
}

Deno.test({
  name: "TLS: the certificate is read before, and a reload that cannot read it keeps the old one",
  ignore: !isRoot,
  fn: () =>
    inFolder(async (folder) => {
      const { certificates } = await import("../../support/certificates.ts");
      const { ca, server } = await certificates();
      const files = { ca, cert: server.cert, key: server.key };
      for (const [name, text] of Object.entries(files)) {
        await Deno.writeTextFile(`${folder}/${name}`, text);
        await Deno.chmod(`${folder}/${name}`, 0o600);
      }
      await using running = await serve([
        ...["echo", "--listen", "127.0.0.1:0", "--user", "nobody"],
        ...["--tls-cert", `${folder}/cert`, "--tls-key", `${folder}/key`],
      ]);
      const ask = () =>
        netwright(["echo", running.endpoint, "--tls", "--ca", `${folder}/ca`, "--message", "hi"]);
      assertEquals((await ask()).stdout, "hi\n");
      running.child.kill("SIGHUP");
      for (let line = await running.errorLine(); !/reload/.test(line ?? "reload");) {
        line = await running.errorLine();
      }
      assertEquals((await ask()).stdout, "hi\n");
    }),
});

Deno.test("a PID file: locked while its process runs, and of no account when it died", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/echo.pid`;
    const words = ["echo", "--listen", "127.0.0.1:0", "--pid-file", file];
    const first = await serve(words);
    assertEquals(await Deno.readTextFile(file), `${first.child.pid}\n`);
    const second = await netwright(["serve", ...words]);
    assertEquals([second.code, second.stdout], [1, ""]);
    assertMatch(second.stderr, new RegExp(`echo\\.pid: process ${first.child.pid} runs already`));
    // Whoever is killed leaves its file.
    await first.stop("SIGKILL");
    assertEquals(await Deno.readTextFile(file), `${first.child.pid}\n`);
    const third = await serve(words);
    assertEquals(await Deno.readTextFile(file), `${third.child.pid}\n`);
    assertEquals((await third.stop("SIGTERM")).code, 0);
    assertEquals([...Deno.readDirSync(folder)], []);
    // A number of another process, which knows nothing of the file.
    await Deno.writeTextFile(file, `${Deno.pid}\n`);
    const fourth = await serve(words);
    assertEquals(await Deno.readTextFile(file), `${fourth.child.pid}\n`);
    await fourth.stop("SIGTERM");
    await Deno.writeTextFile(`${folder}/other`, "kept");
    await Deno.symlink("other", file);
    const link = await netwright(["serve", ...words]);
    assertEquals(link.code, 1);
    assertEquals(await Deno.readTextFile(`${folder}/other`), "kept");
  });
});

Deno.test({
  name: "who gave up root's power leaves an empty PID file, which a next start takes",
  ignore: !isRoot,
  fn: () =>
    inFolder(async (folder) => {
      await Deno.chmod(folder, 0o755);
      const file = `${folder}/echo.pid`;
      const words = ["echo", "--listen", "127.0.0.1:0", "--pid-file", file, "--user", "nobody"];
      for (let times = 0; times < 2; times++) {
        const server = await serve(words);
        assertEquals(await Deno.readTextFile(file), `${server.child.pid}\n`);
        assertEquals((await Deno.stat(file)).uid, 0);
        assertEquals((await server.stop("SIGTERM")).code, 0);
        assertEquals(await Deno.readTextFile(file), "");
      }
    }),
});

Deno.test("in the background: its own session, no terminal, and a start that fails is told", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/pid`;
    const log = `${folder}/log`;
    const words = ["--daemon", "--pid-file", file, "--log", `file:${log}`, "--umask", "027"];
    const listen = ["serve", "echo", "--listen", "127.0.0.1:0"];
    const { code, stdout, stderr } = await netwright([...listen, ...words]);
    assertEquals([code, stderr], [0, ""]);
    const endpoint = /^listening on (127\.0\.0\.1:\d+)\n$/.exec(stdout)?.[1];
    assert(endpoint !== undefined, stdout);
    const pid = Number(await Deno.readTextFile(file));
    try {
      const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
      const [, , parent, , session, terminal] = stat.slice(stat.lastIndexOf(")")).split(" ");
      assertEquals([session, terminal], [String(pid), "0"]);
      assert(Number(parent) !== Deno.pid);
      for (const descriptor of [0, 1, 2]) {
        assertEquals(await Deno.readLink(`/proc/${pid}/fd/${descriptor}`), "/dev/null");
      }
      assertEquals((await netwright(["echo", endpoint, "--message", "hi"])).stdout, "hi\n");
      assertEquals((await Deno.stat(log)).mode! & 0o777, 0o640);
      const again = await netwright([...listen, ...words]);
      assertEquals([again.code, again.stdout], [1, ""]);
      assertMatch(again.stderr, new RegExp(`process ${pid} runs already\\n$`));
    } finally {
      Deno.kill(pid, "SIGTERM");
    }
    const end = performance.now() + 10_000;
    while (performance.now() < end && await Deno.stat(file).then(() => true, () => false)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assertMatch(await Deno.readTextFile(log), /echo connected .*\n.*echo stopped \(1 connections/s);
    const taken = await netwright([
      ...["serve", "echo", "--listen", "192.0.2.1:7", "--daemon", "--log", `file:${log}`],
    ]);
    assertEquals([taken.code, taken.stdout], [1, ""]);
    assertMatch(
      taken.stderr,
      /^netwright: serve: 192\.0\.2\.1:7: the address is not one of this host/,
    );
  });
});

Deno.test("--debug stays in the foreground, with its events on standard error", async () => {
  await inFolder(async (folder) => {
    const words = ["--daemon", "--debug", "--log", "stderr", "--pid-file", `${folder}/pid`];
    await using server = await serve(["echo", "--listen", "127.0.0.1:0", ...words]);
    await netwright(["echo", server.endpoint, "--message", "hi"]);
    assertMatch(await server.errorLine() ?? "", /echo connected/);
    assertEquals((await server.stop("SIGTERM")).code, 0);
  });
});

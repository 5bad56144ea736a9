/** Folders that are swapped for symbolic links in a loop while files below them are opened, listed and written. */

import { assert, assertEquals } from "@std/assert";
import { PublicFiles } from "../../../src/stores/internal.ts";
import { DiskTree, TreeError } from "../../../src/stores/mod.ts";
import { toBytes } from "../../../src/net/internal.ts";
import { InjectionError } from "../../../src/net/mod.ts";

/** Rounds of each attack; `NETWRIGHT_SWAPS` makes it more. */
const ROUNDS = Number(Deno.env.get("NETWRIGHT_SWAPS") ?? 3000);

/** Exchanges two names by renameat2(2) as fast as it goes, until its standard input ends. */
const SWAP = `
  my ($a, $b) = @ARGV;
  vec(my $in = '', 0, 1) = 1;
  while (1) {
    syscall(316, -100, $a, -100, $b, 2) for 1 .. 1000;
    last if select(my $out = $in, undef, undef, 0);
  }`;

interface Swapped extends AsyncDisposable {
  readonly root: string;
  readonly outside: string;
  /** Ends the loop, with the folder in its place. */
  stop(): Promise<void>;
}

/** A folder with `d/f`, whose `d` is swapped with a link to a folder outside that has the same names. */
async function swapped(): Promise<Swapped> {
  const base = await Deno.makeTempDir({ prefix: "netwright-" });
  const [root, outside] = [`${base}/root`, `${base}/outside`];
  await Deno.mkdir(`${root}/d`, { recursive: true });
  await Deno.mkdir(outside);
  for (const size of ["small", "large"]) {
    const bytes = size === "small" ? 10 : 100_000;
    await Deno.writeTextFile(`${root}/d/${size}`, "i".repeat(bytes));
    await Deno.writeTextFile(`${outside}/${size}`, "o".repeat(bytes));
  }
  await Deno.writeTextFile(`${outside}/secret`, "secret");
  await Deno.symlink(outside, `${base}/link`);
  const child = new Deno.Command("perl", {
    args: ["-e", SWAP, `${root}/d`, `${base}/link`],
    stdin: "piped",
  }).spawn();
  const stop = async (): Promise<void> => {
    await child.stdin.close().catch(() => {});
    await child.status;
  };
  return {
    root,
    outside,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await Deno.remove(base, { recursive: true });
    },
  };
}

/** A refused file counts as missing. */
async function unlessRefused<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof InjectionError || error instanceof TreeError) return undefined;
    throw error;
  }
}

Deno.test("PublicFiles opens and lists nothing outside while folders are swapped", async () => {
  await using place = await swapped();
  const files = new PublicFiles(place.root, { keptMs: 0 });
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of ["d/small", "d/large"]) {
      const file = await files.open(name);
      if (file?.kind !== "file") continue;
      using _closing = file;
      const first = (await file.read(0, 1).next()).value as Uint8Array;
      assertEquals(String.fromCharCode(first[0]!), "i", `round ${round}`);
    }
    const names = (await files.list("d"))?.map(({ name }) => name) ?? [];
    assert(!names.includes("secret"), `round ${round}`);
  }
  await place.stop();
  assertEquals((await files.open("d/small"))?.kind, "file");
});

Deno.test("DiskTree reads and writes nothing outside while folders are swapped", async () => {
  await using place = await swapped();
  const tree = new DiskTree(place.root, { guarded: true });
  for (let round = 0; round < ROUNDS; round++) {
    const read = await unlessRefused(async () => toBytes(await tree.read(["d", "small"], 0)));
    if (read !== undefined) assertEquals(new TextDecoder().decode(read), "i".repeat(10));
    const names = await unlessRefused(() => tree.list(["d"])) ?? [];
    assert(!names.some(([name]) => name === "secret"), `round ${round}`);
    const content = (async function* () {
      yield new TextEncoder().encode("written");
    })();
    await unlessRefused(() => tree.write(["d", "new"], content));
    const tenBytes = () => ReadableStream.from([new Uint8Array(10).fill(105)]);
    await unlessRefused(() => tree.write(["d", "small"], tenBytes(), { at: 0 }));
    await unlessRefused(() => tree.write(["d", "small"], tenBytes()));
  }
  assertEquals(await Deno.readTextFile(`${place.outside}/small`), "o".repeat(10));
  const outside = await Array.fromAsync(Deno.readDir(place.outside), ({ name }) => name);
  // An empty file may have been made before it was seen where; nothing is ever written into it.
  for (const name of outside.filter((name) => !["small", "large", "secret"].includes(name))) {
    assertEquals((await Deno.stat(`${place.outside}/${name}`)).size, 0, name);
    assert(name.startsWith("."), name);
  }
});

Deno.test("a guarded DiskTree removes and renames nothing outside while folders are swapped", async () => {
  await using place = await swapped();
  const tree = new DiskTree(place.root, { guarded: true });
  for (let round = 0; round < Math.min(ROUNDS, 20); round++) {
    await unlessRefused(() => tree.remove(["d", "secret"]));
    await unlessRefused(() => tree.rename(["d", "secret"], ["stolen"]));
  }
  assertEquals(await Deno.readTextFile(`${place.outside}/secret`), "secret");
});

Deno.test("a tree whose root is a symbolic link is served", async () => {
  const base = await Deno.makeTempDir({ prefix: "netwright-" });
  try {
    await Deno.mkdir(`${base}/real/d`, { recursive: true });
    await Deno.writeTextFile(`${base}/real/d/f`, "text");
    await Deno.symlink("real", `${base}/link`);
    const files = new PublicFiles(`${base}/link`);
    assertEquals((await files.open(""))?.kind, "folder");
    assertEquals((await files.open("d/f"))?.kind, "file");
    const tree = new DiskTree(`${base}/link`, { guarded: true });
    assertEquals((await tree.list(["d"])).map(([name]) => name), ["f"]);
    await tree.remove(["d", "f"]);
    assertEquals(await tree.list(["d"]), []);
  } finally {
    await Deno.remove(base, { recursive: true });
  }
});

Deno.test("a file that is replaced all the time is always there, in one of its versions", async () => {
  const base = await Deno.makeTempDir({ prefix: "netwright-" });
  await Deno.mkdir(`${base}/d`);
  const replace = (): void => {
    Deno.writeTextFileSync(`${base}/d/.next`, "text");
    Deno.renameSync(`${base}/d/.next`, `${base}/d/f`);
  };
  replace();
  const timer = setInterval(replace, 0);
  try {
    const files = new PublicFiles(base, { keptMs: 0 });
    for (let round = 0; round < 300; round++) {
      assertEquals((await files.open("d/f"))?.kind, "file", `round ${round}`);
    }
  } finally {
    clearInterval(timer);
    await Deno.remove(base, { recursive: true });
  }
});

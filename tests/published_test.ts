/** The package as it would be published: used from a project of its own, by its published names. */

import { assertEquals, assertMatch } from "@std/assert";
import { jsrRegistry } from "./support/jsr_registry.ts";
import { ROOT, serve } from "./support/netwright.ts";

const { name, version, exports } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
const CLI = `jsr:${name}@${version}/cli`;
const UNSTABLE = ["--unstable-net", "--unstable-worker-options"];

/** A project with a cache of its own, in which only the packages of npm are those of this machine. */
async function project(url: string): Promise<
  AsyncDisposable & {
    run(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }>;
    readonly folder: string;
  }
> {
  const folder = await Deno.makeTempDir();
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const { denoDir } = JSON.parse(new TextDecoder().decode(stdout));
  await Deno.mkdir(`${folder}/cache`);
  await Deno.symlink(`${denoDir}/npm`, `${folder}/cache/npm`);
  return {
    folder,
    async run(...args) {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [...args],
        cwd: folder,
        env: { JSR_URL: url, DENO_DIR: `${folder}/cache`, NO_COLOR: "1" },
        stdin: "null",
        signal: AbortSignal.timeout(120_000),
      }).output();
      const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      const errors = decode(stderr).split("\n").filter((line) =>
        !/^(?:Download|Check) /.test(line)
      );
      return { code, stdout: decode(stdout), stderr: errors.join("\n") };
    },
    async [Symbol.asyncDispose]() {
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test("a project imports each sub-path of the library, which loads nothing else", async () => {
  await using registry = jsrRegistry();
  await using scratch = await project(registry.url);
  const paths = Object.keys(exports).filter((path) => path !== "./cli");
  const lines = paths.map((path, n) =>
    `import * as m${n} from "jsr:${name}@${version}${path.slice(1)}";\n` +
    `if (Object.keys(m${n}).length === 0) throw new Error("${path} is empty");`
  );
  await Deno.writeTextFile(`${scratch.folder}/all.ts`, `${lines.join("\n")}\nconsole.log("ok");\n`);
  // No permission, and no package beside this one.
  const { code, stdout, stderr } = await scratch.run("run", "--check", "--no-npm", "all.ts");
  assertEquals([code, stdout], [0, "ok\n"], stderr);
});

Deno.test("the command line runs from the registry, sandboxed and in place", async () => {
  await using registry = jsrRegistry();
  await using scratch = await project(registry.url);
  await using server = await serve(["daytime", "--listen", "127.0.0.1:0"]);
  const { endpoint } = server;
  {
    const sandboxed = await scratch.run(
      "run",
      "-A",
      "--no-prompt",
      ...UNSTABLE,
      CLI,
      "daytime",
      endpoint,
    );
    assertEquals(sandboxed.code, 0, sandboxed.stderr);
    assertMatch(sandboxed.stdout, /\d{4}/);
    const inPlace = await scratch.run(
      "run",
      "--no-prompt",
      `--allow-net=${endpoint}`,
      CLI,
      "daytime",
      endpoint,
    );
    assertEquals(inPlace.code, 0, inPlace.stderr);
    assertMatch(inPlace.stdout, /\d{4}/);
    const less = await scratch.run("run", "--no-prompt", CLI, "daytime", endpoint);
    assertEquals(less.code, 3);
    assertMatch(less.stderr, /^netwright: daytime: this command needs --allow-net=/);
    const printed = await scratch.run(
      "run",
      "-A",
      ...UNSTABLE,
      CLI,
      "--permissions",
      "daytime",
      endpoint,
    );
    assertMatch(
      printed.stdout,
      new RegExp(
        `\ndeno run --no-prompt --unstable-net --unstable-worker-options --allow-net=${endpoint} ${CLI} daytime`,
      ),
    );
    const stable = await scratch.run("run", "-A", "--no-prompt", CLI, "daytime", endpoint);
    assertEquals(stable.code, 1);
    assertMatch(
      stable.stderr,
      /^netwright: daytime: the sandbox requires --unstable-net and --unstable-worker-options [^\n]*\n$/,
    );
    const yaml = `${scratch.folder}/doctor.yaml`;
    await Deno.copyFile(`${ROOT}src/services/eliza/doctor.yaml`, yaml);
    const eliza = await scratch.run(
      "run",
      "-A",
      "--no-prompt",
      ...UNSTABLE,
      CLI,
      "eliza",
      "--script",
      yaml,
    );
    assertEquals(eliza.code, 0, eliza.stderr);
    assertMatch(eliza.stdout, /\w/);
  }
});

Deno.test("once it is cached, the published command line needs no registry", async () => {
  await using registry = jsrRegistry();
  await using scratch = await project(registry.url);
  const cached = await scratch.run("cache", CLI);
  assertEquals(cached.code, 0, cached.stderr);
  await registry[Symbol.asyncDispose]();
  const run = (...words: string[]) =>
    scratch.run("run", "-A", "--no-prompt", ...UNSTABLE, CLI, ...words);
  const sandboxed = await run("resolve", "localhost");
  assertEquals(sandboxed.code, 0, sandboxed.stderr);
  const tour = await run("tour", "10.2", "11", "15.2", "15.3");
  assertEquals(tour.code, 0, tour.stdout + tour.stderr);
});

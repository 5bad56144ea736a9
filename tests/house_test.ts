/** The house keeps itself: what DESIGN.md says of imports and of the runtime's calls is checked here. */

import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url);

/** The floors: an import goes to a lower one, or stays in its room. */
const FLOORS: Readonly<Record<string, number>> = {
  cli: 7,
  programs: 6,
  servers: 5,
  services: 4,
  protocols: 3,
  mime: 2,
  stores: 2,
  net: 1,
  os: 1,
  reference: 1,
};

/** Doors that lead sideways: the system's calls speak of addresses, errors and their names. */
const SIDEWAYS: ReadonlySet<string> = new Set(["os net", "os reference"]);

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly specifier: string;
    readonly code?: { readonly specifier?: string };
    readonly type?: { readonly specifier?: string };
    readonly isDynamic?: boolean;
  }[];
}

interface Import {
  /** Both as paths from the root, such as `src/net/client/dial.ts`; other specifiers unchanged. */
  readonly from: string;
  readonly to: string;
  readonly dynamic: boolean;
  readonly typeOnly: boolean;
}

/** All imports that are reached from a file. */
async function importsFrom(entry: string): Promise<Import[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--no-lock", new URL(entry, ROOT).pathname],
    env: { NO_COLOR: "1" },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const graph = JSON.parse(new TextDecoder().decode(stdout)) as { readonly modules: Module[] };
  const nameOf = (specifier: string): string =>
    specifier.startsWith(ROOT.href) ? specifier.slice(ROOT.href.length) : specifier;
  return graph.modules.flatMap(({ specifier, dependencies = [] }) =>
    dependencies.map((dependency) => ({
      from: nameOf(specifier),
      to: nameOf(dependency.code?.specifier ?? dependency.type?.specifier ?? dependency.specifier),
      dynamic: dependency.isDynamic === true,
      typeOnly: dependency.code === undefined,
    }))
  );
}

/** Every source file with its text. */
async function sources(
  folder = "src",
): Promise<{ readonly path: string; readonly text: string }[]> {
  const found = [];
  for await (const entry of Deno.readDir(new URL(folder, ROOT))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) found.push(...await sources(path));
    else if (path.endsWith(".ts")) {
      found.push({ path, text: await Deno.readTextFile(new URL(path, ROOT)) });
    }
  }
  return found;
}

/** The text without comments and docs, whose examples may call anything. */
function codeOf(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "");
}

function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

/** The folder that may import `_name.ts` files: its own. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** First modules of Workers, which are named by their URLs and not imported. */
const WORKERS = [
  "src/cli/worker.ts",
  "src/cli/workers/worker_thread.ts",
  "src/servers/brokers/local_worker.ts",
  "src/servers/brokers/process_main.ts",
];
/** Scripts that browsers run: `deno task generate` makes texts of them. */
const PAGES = ["src/programs/robot/report/client/main.ts"];
const everything = (await Promise.all(["main.ts", ...WORKERS, ...PAGES].map(importsFrom))).flat();
/** The library that the registry publishes, as `deno.json` lists it: all exports but the command line. */
const FACES = Object.entries(
  (JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT))) as {
    readonly exports: Readonly<Record<string, string>>;
  }).exports,
).filter(([name]) => name !== "./cli").map(([, path]) => path.replace(/^\.\//, ""));
const library = (await Promise.all(FACES.map(importsFrom))).flat();
const files = await sources();

Deno.test("every file is reached from the executable or the library", () => {
  const reached = new Set([...everything, ...library].flatMap(({ from, to }) => [from, to]));
  // A Worker's first module is named by its URL, not imported.
  const entries = new Set([...WORKERS, ...FACES, ...PAGES]);
  const lost = files.map(({ path }) => path).filter((path) =>
    !reached.has(path) && !entries.has(path)
  );
  assertEquals(lost, []);
});

Deno.test("no import goes up a floor, or into another room but by its door", () => {
  const wrong = [...everything, ...library].filter(({ from, to }) => {
    const [room, other] = [roomOf(from), roomOf(to)];
    if (room === undefined || other === undefined || room === other) return false;
    const [floor, below] = [FLOORS[room], FLOORS[other]];
    if (floor === undefined || below === undefined) return true;
    return !(below < floor || SIDEWAYS.has(`${room} ${other}`));
  });
  assertEquals(wrong.map(({ from, to }) => `${from} → ${to}`), []);
  const doors = everything.filter(({ from, to }) =>
    roomOf(to) !== undefined && roomOf(from) !== roomOf(to) && roomOf(from) !== undefined &&
    // The table of what may be started in a Worker names modules, not rooms.
    !/\/(?:mod|internal)\.ts$/.test(to) && from !== "src/cli/workers/workers.ts" &&
    // Each table of the reference is a door: who needs a port does not load them all.
    !/^src\/reference\/[^_]/.test(to)
  );
  assertEquals(doors.map(({ from, to }) => `${from} → ${to}`), []);
  const pried = everything.filter(({ from, to }) =>
    /\/_[^/]*\.ts$/.test(to) && folderOf(from) !== folderOf(to)
  );
  assertEquals(pried.map(({ from, to }) => `${from} → ${to}`), []);
});

Deno.test("published names are listed one by one", async () => {
  for (const face of FACES) {
    const text = codeOf(await Deno.readTextFile(new URL(face, ROOT)));
    assert(!/^export \*/m.test(text), `${face} exports everything of a file`);
    assert(!text.includes("/internal.ts"), `${face} publishes internal names`);
  }
});

/** Tables that `deno task generate` makes: each loads what may in turn ask for the table. */
const TABLE = /\/index\.ts$/;

/** Circles of a graph, each as the names on its way. */
function circlesOf(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (name: string, trail: readonly string[]): void => {
    if (trail.includes(name)) {
      circles.push([...trail.slice(trail.indexOf(name)), name].join(" → "));
      return;
    }
    if (done.has(name)) return;
    for (const next of graph.get(name) ?? []) visit(next, [...trail, name]);
    done.add(name);
  };
  for (const name of graph.keys()) visit(name, []);
  return circles;
}

/** Adds an edge to a graph. */
function addEdge(graph: Map<string, Set<string>>, from: string, to: string): void {
  if (from !== to) graph.set(from, (graph.get(from) ?? new Set()).add(to));
}

Deno.test("no import goes in a circle, of values, types or modules loaded later", () => {
  const graph = new Map<string, Set<string>>();
  for (const { from, to, dynamic } of [...everything, ...library]) {
    if (!(dynamic && TABLE.test(from))) addEdge(graph, from, to);
  }
  assertEquals(circlesOf(graph), []);
});

/** The house within the house: a protocol or a program is a room of its own. */
function roomAndWingOf(path: string): { readonly room: string; readonly wing: string } | undefined {
  const match = /^(src\/(?:(?:protocols|programs)\/)?[^/]+)\/(?:(.*)\/)?[^/]+$/.exec(path);
  return match === null ? undefined : { room: match[1]!, wing: match[2] ?? "" };
}

/** Maximum number of files in a wing, without its door. */
const MAX_FILES = 17;

Deno.test("the wings of a room form no circle, and none has more files than a reader can survey", () => {
  const graph = new Map<string, Set<string>>();
  for (const { from, to, dynamic } of [...everything, ...library]) {
    const [a, b] = [roomAndWingOf(from), roomAndWingOf(to)];
    // The door of a room leads everywhere, and so do the tables.
    if (a === undefined || a.room !== b?.room || /\/mod\.ts$/.test(from)) continue;
    if (!(dynamic && TABLE.test(from))) {
      addEdge(graph, `${a.room}/${a.wing}`, `${b.room}/${b.wing}`);
    }
  }
  assertEquals(circlesOf(graph), []);
  const counts = Map.groupBy(
    files.filter(({ path }) => !/\/(?:mod|index)\.ts$/.test(path)),
    ({ path }) => folderOf(path),
  );
  const crowded = [...counts].filter(([, { length }]) => length > MAX_FILES);
  assertEquals(crowded.map(([folder, { length }]) => `${folder}: ${length}`), []);
});

Deno.test("the library reaches no registry package", () => {
  const foreign = library.filter(({ to }) => !/^(src\/|mod\.ts$|node:)/.test(to));
  assertEquals(foreign.map(({ from, to }) => `${from} → ${to}`), []);
});

Deno.test("the way from main.ts to a command loads no registry package and no other command", () => {
  const foreign = everything.filter(({ to, dynamic }) => /^(jsr|npm|https?):/.test(to) && !dynamic);
  assertEquals(foreign.map(({ from, to }) => `${from} → ${to}`), []);
  const command = /^src\/cli\/commands\/(?!index\.ts$)(?!.*\/_)/;
  const others = everything.filter(({ from, to }) => command.test(from) && command.test(to));
  assertEquals(others.map(({ from, to }) => `${from} → ${to}`), []);
  // An action may use its own command's module, and nothing else of `commands`.
  const isOwn = (from: string, to: string): boolean =>
    from === to.replace("src/cli/commands/", "src/cli/actions/");
  const eager = everything.filter(({ from, to, dynamic }) =>
    command.test(to) && !dynamic && !isOwn(from, to)
  );
  assertEquals(eager.map(({ from, to }) => `${from} → ${to}`), []);
});

/** Rooms with code that reads bytes from the network. */
const PROTOCOL_CODE = /^src\/(?:protocols|mime|programs|servers)\//;

/** The tour tries our own code against our own code; its rows declare its needs. */
const TOUR = "src/cli/commands/about/tour.ts";

Deno.test("the launcher, which holds every permission, loads no protocol code", () => {
  const eager = new Map<string, string[]>();
  for (const { from, to, dynamic, typeOnly } of everything) {
    if (!dynamic && !typeOnly) eager.set(from, [...eager.get(from) ?? [], to]);
  }
  const found: string[] = [];
  const follow = (path: string, seen: Set<string>): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const to of eager.get(path) ?? []) {
      if (PROTOCOL_CODE.test(to)) found.push(`${path} → ${to}`);
      else follow(to, seen);
    }
  };
  // The main module loads it dynamically.
  follow("src/cli/main.ts", new Set());
  for (const { path, text } of files) {
    // The launcher asks a service for its needs.
    const isService = path.startsWith("src/services/") && /^export const service\b/m.test(text);
    if ((/^src\/cli\/commands\/.*\//.test(path) && path !== TOUR) || isService) {
      follow(path, new Set());
    }
  }
  assertEquals(found, []);
});

Deno.test("no command loads the runtime's heavy modules at its start", () => {
  // Each of these takes longer to load than all of a command.
  const heavy = /^node:(?:buffer|crypto|dns|http|net|stream|tls)/;
  const eager = new Map<string, string[]>();
  for (const { from, to, dynamic, typeOnly } of everything) {
    if (!dynamic && !typeOnly) eager.set(from, [...eager.get(from) ?? [], to]);
  }
  const found: string[] = [];
  const seen = new Set<string>();
  const follow = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const to of eager.get(path) ?? []) {
      if (heavy.test(to)) found.push(`${path} → ${to}`);
      follow(to);
    }
  };
  for (const { path } of files) {
    if (/^src\/cli\/(?:commands|actions)\//.test(path)) follow(path);
  }
  assertEquals(found, []);
});

/** Hostile code tries them all, to show that none of them works. */
const HOSTILE = "src/services/hostile/attempts.ts";

Deno.test("the runtime's calls for network and files are only in the rooms that own them", () => {
  const calls = new RegExp(
    "\\bDeno\\.(?:connect|connectTls|listen|listenTls|listenDatagram|startTls|resolveDns|open|create|" +
      "read(?:TextFile|File|Dir|Link)|write(?:TextFile|File)|remove|rename|mkdir|stat|lstat|chmod|chown|" +
      "copyFile|symlink|link|truncate|makeTemp(?:Dir|File)|realPath|watchFs|dlopen|serve|Command)\\w*",
    "g",
  );
  const allowed = new Set(["net", "os", "stores", "cli"]);
  const wrong = files.flatMap(({ path, text }) =>
    allowed.has(roomOf(path)!) || path === HOSTILE
      ? []
      : [...codeOf(text).matchAll(calls)].map((match) => `${path}: ${match[0]}`)
  );
  assertEquals(wrong, []);
  const powerful = files.filter(({ path, text }) =>
    roomOf(path) !== "os" && path !== HOSTILE &&
    /\bDeno\.(?:dlopen|Unsafe\w+)/.test(codeOf(text))
  );
  assertEquals(powerful.map(({ path }) => path), []);
});

Deno.test("no import is computed", () => {
  // A service of one's own is named by its address, and loaded inside the sandbox only.
  const computed = files.filter(({ path }) =>
    path !== HOSTILE && path !== "src/services/_own_module.ts"
  ).flatMap(({ path, text }) =>
    [...codeOf(text).matchAll(/\bimport\(\s*([^)]*)\)/g)]
      .filter((match) => !/^"[^"]+"\s*(?:,|$)/.test(match[1]!))
      .map((match) => `${path}: ${match[0]}`)
  );
  assertEquals(computed, []);
});

/** Files that read text for people, whose white space is as people write it. */
const HUMAN_TEXT = /\/(?:chat|echo|localtime|time_of_day)\/|listings?\.ts$|\/server\/fault\.ts$/;

Deno.test("protocol text is trimmed of blanks only, not of all that Unicode calls white space", () => {
  const found = files.filter(({ path }) =>
    path.startsWith("src/protocols/") && !HUMAN_TEXT.test(path)
  )
    .flatMap(({ path, text }) =>
      codeOf(text).split("\n")
        // A template is our own text, and an answer as a whole is for people.
        .filter((line) => /\.trim(?:Start|End)?\(\)/.test(line) && !/`|answer/.test(line))
        .map((line) => `${path}: ${line.trim()}`)
    );
  assertEquals(found, []);
});

/**
 * Writes the tables of commands, services and tour rows from the files of their folders, each with its
 * `import()` spelled out: so nothing is loaded before it is used, and the compiler finds everything.
 *
 * `deno task generate` writes them, and the man pages into `dist/man`; with `--check` it only checks whether the tables
 * are up to date.
 *
 * @module
 */

import { build as bundle, stop } from "esbuild";
import { scriptArguments } from "./arguments.ts";

const HEADER = "// Made by `deno task generate`; do not edit.";

/** One table. */
interface Table {
  /** Its folder, from the repository's root. */
  readonly folder: string;
  /** What each of its files exports. */
  readonly symbol: string;
  /** The table's name, its type and where the type is. */
  readonly table: readonly [name: string, type: string, from: string];
  /** The parts of each that are copied, to be known before it is loaded. */
  readonly fields: readonly string[];
  /** How the table calls the name of the folder that a file is in, if it is copied. */
  readonly folderAs?: string;
  /** A folder with a file of the same name for each, what that exports, and how the table calls its loader. */
  readonly beside?: readonly [folder: string, symbol: string, loader: string];
}

const TABLES: readonly Table[] = [
  {
    folder: "src/cli/commands",
    symbol: "command",
    table: ["COMMANDS", "CommandEntry", "../command/context.ts"],
    fields: ["name", "summary"],
    folderAs: "family",
    beside: ["../actions", "action", "loadAction"],
  },
  {
    folder: "src/services",
    symbol: "service",
    table: ["SERVICES", "ServiceEntry", "./core/service.ts"],
    fields: ["name", "summary", "port"],
  },
  {
    folder: "src/programs/tour/rows",
    symbol: "row",
    table: ["ROWS", "TourEntry", "../core/row.ts"],
    fields: ["id", "program"],
  },
];

/** A YAML file whose content the library has as a table, because it reads no YAML itself. */
const SCRIPT = {
  yaml: "src/services/eliza/doctor.yaml",
  module: "src/services/eliza/doctor.ts",
} as const;

/** Scripts of pages, which browsers run, and the modules that hold them as text. */
const PAGES = [
  {
    source: "src/programs/robot/report/client/main.ts",
    module: "src/programs/robot/report/client_text.ts",
  },
] as const;

const checksOnly = scriptArguments({ usage: "deno task generate [--check]", flags: ["check"] })
  .has("check");
const root = new URL("../", import.meta.url);
let stale = 0;
for (const table of TABLES) {
  await keep(`${table.folder}/index.ts`, await build(table));
}
await keep(SCRIPT.module, await buildScript());
for (const { source, module } of PAGES) await keep(module, await buildPage(source));
await stop();
if (checksOnly) {
  if (stale > 0) console.error("run: deno task generate");
  Deno.exit(stale > 0 ? 1 : 0);
}
// They are made of the tables that were just written.
const { writeManPages } = await import("./man_pages.ts");
await writeManPages(new URL("dist/man", root).pathname);

/** Takes the types off a page's script, and makes it shorter. */
async function buildPage(source: string): Promise<string> {
  const { outputFiles } = await bundle({
    entryPoints: [new URL(source, root).pathname],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: "es2023",
  });
  const code = outputFiles[0]!.text;
  return `${HEADER}\n// deno-fmt-ignore-file\n\n/** The script of \`${source}\`. */\nexport const CLIENT: string = ${
    JSON.stringify(code.trimEnd())
  };\n`;
}

/** Writes a module that is out of date, or reports it. */
async function keep(path: string, text: string): Promise<void> {
  const url = new URL(path, root);
  if (await Deno.readTextFile(url).catch(() => "") === text) return;
  stale++;
  if (checksOnly) console.error(`${path} is stale`);
  else await Deno.writeTextFile(url, text);
}

async function buildScript(): Promise<string> {
  const { parse } = await import("@std/yaml");
  const data = parse(await Deno.readTextFile(new URL(SCRIPT.yaml, root)));
  const lines = [
    HEADER,
    'import { type ElizaScript, parseElizaScript } from "./script.ts";',
    "",
    "/** The script DOCTOR, which the paper of 1966 made famous. */",
    `export const DOCTOR: ElizaScript = parseElizaScript(${JSON.stringify(data)});`,
  ];
  return await format(lines.join("\n") + "\n");
}

/** Formats as `deno fmt` would, which reads the whole tree afterwards. */
async function format(text: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--config", new URL("deno.json", root).pathname, "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  return new TextDecoder().decode((await child.output()).stdout);
}

async function build(
  { folder, symbol, table: [name, type, from], fields, folderAs, beside }: Table,
): Promise<string> {
  const entries: { readonly file: string; readonly key: string; readonly values: unknown[] }[] = [];
  for (const file of await filesBelow(folder)) {
    const source = await Deno.readTextFile(new URL(`${folder}/${file}`, root));
    if (!new RegExp(`^export const ${symbol}\\b`, "m").test(source)) continue;
    const module = await import(new URL(`${folder}/${file}`, root).href);
    const values = fields.map((field) => module[symbol][field]);
    entries.push({ file, key: values.join(" "), values });
  }
  entries.sort((a, b) => compareNaturally(a.key, b.key));
  const rows = entries.flatMap(({ file, values }) => [
    "  {",
    ...fields.map((field, index) => `    ${field}: ${JSON.stringify(values[index])},`),
    ...(folderAs === undefined ? [] : [`    ${folderAs}: ${JSON.stringify(file.split("/")[0])},`]),
    `    load: async () => (await import("./${file}")).${symbol},`,
    ...beside === undefined
      ? []
      : [`    ${beside[2]}: async () => (await import("${beside[0]}/${file}")).${beside[1]},`],
    "  },",
  ]);
  const list = rows.length === 0 ? ["[];"] : ["[", ...rows, "];"];
  return [
    HEADER,
    `import type { ${type} } from "${from}";`,
    "",
    `/** All entries, none of them loaded. */`,
    `export const ${name}: readonly ${type}[] = ${list.join("\n")}`,
    "",
  ].join("\n");
}

/** Files of a folder and of the folders in it that may hold an entry, as paths from the folder. */
async function filesBelow(folder: string, below = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(`${folder}/${below}`, root))) {
    if (isDirectory) found.push(...await filesBelow(folder, `${below}${name}/`));
    else if (/^[^_].*\.ts$/.test(name) && name !== "index.ts") found.push(below + name);
  }
  return found;
}

/** Compares numbers in names by their value: 4.1 before 10.1. */
function compareNaturally(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

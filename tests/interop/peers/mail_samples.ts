/**
 * The sample messages by which other libraries test themselves, taken from Debian's packages when a test runs.
 *
 * @module
 */

/** Samples as files. */
export interface MailSamples extends AsyncDisposable {
  /** Paths from the folder, sorted; each begins with the library's name. */
  readonly files: readonly string[];
  readonly folder: string;
}

/** Longest fetch, in milliseconds. */
const FETCH_MS = 60_000;

/** Libraries with samples, and where in their sources they are. */
const SOURCES: Readonly<Record<string, RegExp>> = {
  "golang-github-jhillyerd-enmime": /testdata\/(?!low-quality).*\.raw$/,
  gmime: /tests\/data\/(?:mime-part\/raptors.*\.txt$|partial\/input\/)/,
  kmime: /autotests\/data\/mails\//,
  mimetic: /test\/test\.msg$/,
};

/**
 * Fetches the samples.
 *
 * @returns They; undefined if they cannot be fetched here.
 */
export async function mailSamples(): Promise<MailSamples | undefined> {
  const folder = await Deno.makeTempDir();
  try {
    await python(folder);
    const options = await sourceLists(folder);
    for (const [name, requested] of Object.entries(SOURCES)) {
      await source(folder, options, name, requested);
    }
    const files = (await list(folder, "")).filter((path) => !path.startsWith("apt/")).sort();
    return {
      folder,
      files,
      async [Symbol.asyncDispose]() {
        await Deno.remove(folder, { recursive: true });
      },
    };
  } catch (error) {
    await Deno.remove(folder, { recursive: true });
    if (Deno.env.get("CI") === "true") throw error;
    console.error(`skipped, no sample messages: ${error}`);
    return undefined;
  }
}

/** Python's come in a package of its own. */
async function python(folder: string): Promise<void> {
  const to = `${folder}/apt/python`;
  await Deno.mkdir(to, { recursive: true });
  await run(to, "apt-get", "download", "-qq", "libpython3.11-testsuite");
  const [archive] = await list(to, "");
  await run(to, "dpkg-deb", "-x", `${to}/${archive}`, to);
  await Deno.mkdir(`${folder}/python`);
  for (const path of await list(to, "")) {
    const name = /test_email\/data\/(msg_\w+\.txt)$/.exec(path)?.[1];
    if (name !== undefined) await Deno.rename(`${to}/${path}`, `${folder}/python/${name}`);
  }
}

/** Lists of sources beside the host's own; gives the options by which apt-get uses them. */
async function sourceLists(folder: string): Promise<string[]> {
  const lists = `${folder}/apt/lists`;
  await Deno.mkdir(`${lists}/partial`, { recursive: true });
  const parts = `${folder}/apt/parts`;
  await Deno.mkdir(parts);
  const own = await Deno.readTextFile("/etc/apt/sources.list.d/debian.sources");
  await Deno.writeTextFile(
    `${parts}/source.sources`,
    own.replace(/^Types: .*$/gm, "Types: deb-src"),
  );
  const options = [
    `Dir::Etc::SourceParts=${parts}`,
    "Dir::Etc::SourceList=/dev/null",
    `Dir::State::Lists=${lists}`,
  ].flatMap((option) => ["-o", option]);
  await run(lists, "apt-get", "-qq", ...options, "update");
  return options;
}

/** The others' are in their sources. */
async function source(
  folder: string,
  options: readonly string[],
  name: string,
  requested: RegExp,
): Promise<void> {
  const to = `${folder}/apt/${name}`;
  await Deno.mkdir(to);
  await run(to, "apt-get", "-qq", ...options, "source", "--tar-only", "--download-only", name);
  const archive = (await list(to, "")).find((path) => path.includes(".orig."))!;
  await run(to, "tar", "-xf", `${to}/${archive}`);
  const short = name.split("-").at(-1)!;
  await Deno.mkdir(`${folder}/${short}`);
  for (const path of await list(to, "")) {
    if (!requested.test(path)) continue;
    await Deno.rename(
      `${to}/${path}`,
      `${folder}/${short}/${path.slice(path.lastIndexOf("/") + 1)}`,
    );
  }
}

async function list(folder: string, below: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(`${folder}/${below}`)) {
    if (isDirectory) paths.push(...await list(folder, `${below}${name}/`));
    else if (isFile) paths.push(below + name);
  }
  return paths;
}

async function run(cwd: string, program: string, ...args: string[]): Promise<void> {
  const command = new Deno.Command(program, {
    args,
    cwd,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    signal: AbortSignal.timeout(FETCH_MS),
  });
  const { success, stderr } = await command.output();
  if (!success) throw new Error(`${program} ${args.at(-1)}: ${new TextDecoder().decode(stderr)}`);
}

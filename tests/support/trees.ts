/**
 * Trees of files on the disk, for tests.
 *
 * @module
 */

/** A folder that is gone at the end. */
export class TestFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<TestFolder> {
    return new TestFolder(await Deno.makeTempDir({ prefix: "netwright-test-" }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A peer that is ending may write a last file while its folder is removed.
    for (let tries = 20;; tries--) {
      try {
        return await Deno.remove(this.path, { recursive: true });
      } catch (error) {
        if (tries === 0 || !/not empty/i.test(String(error))) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}

/** Does something in a folder that is gone at the end. */
export async function inFolder(work: (path: string) => Promise<void>): Promise<void> {
  await using folder = await TestFolder.make();
  await work(folder.path);
}

/** Describes all below a folder, a line an entry: kind, mode, time of files in seconds, and content. */
export async function describeTree(root: string, inner = ""): Promise<string[]> {
  const lines: string[] = [];
  const names = [...Deno.readDirSync(root + inner)].map(({ name }) => name).sort();
  for (const name of names) {
    const path = `${root}${inner}/${name}`;
    const info = await Deno.lstat(path);
    const mode = (info.mode! & 0o777).toString(8);
    const seconds = Math.floor(info.mtime!.getTime() / 1000);
    const shown = JSON.stringify(`${inner}/${name}`);
    if (info.isSymlink) lines.push(`${shown} -> ${await Deno.readLink(path)}`);
    else if (info.isDirectory) {
      lines.push(`${shown} folder ${mode} ${seconds}`);
      lines.push(...await describeTree(root, `${inner}/${name}`));
    } else lines.push(`${shown} ${mode} ${seconds} ${await digest(path)}`);
  }
  return lines;
}

async function digest(path: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await Deno.readFile(path)));
  return hash.toHex();
}

/** Writes a file with the folders above it, some time ago. */
export async function put(path: string, text: string, seconds = 1_600_000_000): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text);
  await Deno.utime(path, seconds, seconds);
}

/**
 * The file of a listening UNIX socket.
 *
 * @module
 */

/** The file of a socket that this program has made. */
export class SocketFile {
  readonly #path: string;
  readonly #version: string | undefined;

  /** @param path Where it is. */
  constructor(path: string) {
    this.#path = path;
    this.#version = versionOf(path);
  }

  /** Removes it, unless another server has put its own in that place. */
  remove(): void {
    if (versionOf(this.#path) === this.#version) Deno.removeSync(this.#path);
  }
}

/** Identifies a file, to distinguish it from another of the same name; undefined if it does not exist. */
function versionOf(path: string): string | undefined {
  try {
    const { dev, ino, mtime } = Deno.lstatSync(path);
    // A number that has become free is given to the next file.
    return `${dev} ${ino} ${mtime?.getTime()}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

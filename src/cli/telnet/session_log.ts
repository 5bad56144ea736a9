/**
 * The record of a session.
 *
 * @module
 */

import { NetwrightError, UsageError } from "../../net/mod.ts";
import { toFileError } from "../../net/internal.ts";

/** Where sessions may be recorded. */
export interface LogPlace {
  /** A file, or a folder in which files can be named later. */
  readonly path: string;
  /** Whether it is a folder. */
  readonly isFolder: boolean;
}

/** Writes the output of a session to a file. */
export class SessionLog implements Disposable {
  readonly #place: LogPlace | undefined;
  #file: Deno.FsFile | undefined;

  /**
   * Begins at once if the place is a file.
   * @param place Where; undefined if the user named none.
   * @throws {NetwrightError} If the file cannot be written.
   */
  constructor(place: LogPlace | undefined) {
    this.#place = place;
    if (place?.isFolder === false) this.#open(place.path);
  }

  /**
   * Begins a file, or ends it.
   * @param name The file; undefined to end it.
   * @throws {UsageError} If no place for logs was named, or this is outside of it.
   * @throws {NetwrightError} If the file cannot be written.
   */
  change(name: string | undefined): void {
    this[Symbol.dispose]();
    if (name === undefined) return;
    const place = this.#place;
    if (place === undefined) {
      throw new UsageError("no folder may be written: start with --log DIR");
    }
    if (!place.isFolder && name !== place.path) {
      throw new UsageError(`only ${place.path} may be written (--log)`);
    }
    if (place.isFolder && (name.includes("/") || name.startsWith("."))) {
      throw new UsageError(`name a file of ${place.path}, without slashes`);
    }
    this.#open(place.isFolder ? `${place.path}/${name}` : name);
  }

  /**
   * Records text.
   * @param text Output that was shown.
   * @throws {NetwrightError} If it cannot be written.
   */
  add(text: string): void {
    const file = this.#file;
    if (file === undefined) return;
    const bytes = new TextEncoder().encode(text);
    try {
      for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
    } catch (error) {
      throw toFileError(error, { operation: "write", peer: this.#place!.path });
    }
  }

  #open(path: string): void {
    try {
      this.#file = Deno.openSync(path, { append: true, create: true, write: true, mode: 0o600 });
    } catch (error) {
      const known = toFileError(error, { operation: "open", peer: path });
      throw known instanceof NetwrightError ? known : error;
    }
  }

  /** Ends the file. */
  [Symbol.dispose](): void {
    this.#file?.close();
    this.#file = undefined;
  }
}

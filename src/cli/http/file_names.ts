/**
 * Names of files after resources, each given once.
 *
 * @module
 */

import { remoteName } from "./request_command.ts";

/** Gives names; of two resources of the same name the later one gets a number. */
export class FileNames {
  readonly #given = new Set<string>();

  /**
   * Names the file of a resource.
   * @param url The resource.
   * @returns A safe name that was not given before; upper and lower case are the same to some file systems.
   */
  nameFor(url: string): string {
    const name = remoteName(url);
    const dot = name.lastIndexOf(".");
    const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
    for (let number = 1;; number++) {
      const candidate = number === 1 ? name : `${stem}-${number}${ending}`;
      const key = candidate.toLowerCase();
      if (this.#given.has(key)) continue;
      this.#given.add(key);
      return candidate;
    }
  }
}

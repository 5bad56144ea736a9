/**
 * The candidates at the cursor of a shell: verbs, remote names, local names.
 *
 * @module
 */

import { escapeControls } from "../../../net/mod.ts";
import { commonStart, type Completion } from "../../terminal/line_input.ts";
import type { ListedName, ShellPlaces } from "./places.ts";
import { ALIASES, COMMAND_VERBS, type OperandKind, OWN_VERBS } from "./verbs.ts";
import { escapeWord, parseLine } from "./words.ts";

/** How long a listing is taken for true, in milliseconds. */
const FRESH_MS = 10_000;

/** Completes lines of one shell. */
export class ShellCompleter {
  readonly #places: ShellPlaces;
  #listing: { readonly key: string; readonly at: number; readonly names: ListedName[] } | undefined;

  /** @param places The current folders of the shell. */
  constructor(places: ShellPlaces) {
    this.#places = places;
  }

  /** Discards the cached listings, for a command may have changed the folders. */
  forget(): void {
    this.#listing = undefined;
  }

  /**
   * Finds the candidates at the cursor.
   * @param before The text before it.
   * @returns It, or undefined if nothing is known.
   */
  async complete(before: string): Promise<Completion | undefined> {
    const { words, isOpen } = parseLine(before);
    const isNew = !isOpen && (words.length === 0 || /\s$/.test(before) && !/\\\s$/.test(before));
    const word = isNew ? { text: "", start: before.length } : words.at(-1);
    if (word === undefined) return undefined;
    const length = before.length - word.start;
    const index = isNew ? words.length : words.length - 1;
    if (index === 0) {
      const verbs = [...Object.keys(OWN_VERBS), ...Object.keys(COMMAND_VERBS)].sort()
        .filter((verb) => verb.startsWith(word.text));
      return completion(length, "", verbs.map((name) => ({ name, isFolder: false })));
    }
    const kind = kindOf(words[0]!.text, words.slice(1, index).map(({ text }) => text));
    if (kind === undefined || kind === "text") return undefined;
    const slash = word.text.lastIndexOf("/") + 1;
    const [folder, start] = [word.text.slice(0, slash), word.text.slice(slash)];
    const names = (await this.#names(kind, folder))
      .filter(({ name }) => name.startsWith(start))
      // Hidden names are meant only by those who say so.
      .filter(({ name }) => start !== "" || !name.startsWith("."));
    return completion(length, folder, names);
  }

  async #names(kind: "remote" | "local", folder: string): Promise<ListedName[]> {
    if (kind === "local") return await this.#places.localNames(folder);
    const path = this.#places.remotePath(folder || ".");
    const listing = this.#listing;
    if (listing?.key === path && performance.now() - listing.at < FRESH_MS) return listing.names;
    const names = await this.#places.names(path);
    this.#listing = { key: path, at: performance.now(), names };
    return names;
  }
}

/** The kind of the operand that follows these. */
function kindOf(verb: string, before: readonly string[]): OperandKind | undefined {
  const name = Object.hasOwn(ALIASES, verb) ? ALIASES[verb]! : verb;
  // Options that take a local value.
  if (/^(--to|-o)$/.test(before.at(-1) ?? "")) return "local";
  const kinds = Object.hasOwn(COMMAND_VERBS, name)
    ? COMMAND_VERBS[name]!.operands
    : Object.hasOwn(OWN_VERBS, name)
    ? OWN_VERBS[name]!.operands
    : [];
  return kinds[before.filter((word) => !word.startsWith("-")).length] ?? kinds.at(-1);
}

function completion(length: number, folder: string, names: readonly ListedName[]): Completion {
  const usable = names.filter(({ name }) => escapeControls(name) === name)
    .sort((a, b) => a.name < b.name ? -1 : 1);
  const full = usable.map(({ name, isFolder }) => `${folder}${name}${isFolder ? "/" : ""}`);
  const common = commonStart(full);
  const isWhole = full.length === 1 && !usable[0]!.isFolder;
  return {
    length,
    insert: (common === "" ? "" : escapeWord(common)) + (isWhole ? " " : ""),
    shown: usable.map(({ name, isFolder }) => isFolder ? `${name}/` : name),
  };
}

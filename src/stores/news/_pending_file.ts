/**
 * A change of a news spool that is under way: it concerns several files, and a crash may fall between them.
 *
 * @module
 */

import { ProtocolError } from "../../net/mod.ts";
import { writeAtomically } from "../files/atomic_file.ts";
import { checkGroupName, type StoredArticle } from "./news_store.ts";

/** A change. */
export interface PendingChange {
  /** An article whose file is there, and its line in overviews. */
  readonly added?: StoredArticle & { readonly line: Uint8Array };
  /** Articles that are removed. */
  readonly removes: readonly string[];
}

/** The file of the change; absent if none is under way. */
export class PendingFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Records a change, and waits until it is on the disk. */
  async write({ added, removes }: PendingChange): Promise<void> {
    const text = JSON.stringify({
      added: added && {
        messageId: added.messageId,
        arrived: added.arrived.getTime(),
        places: [...added.places],
        line: added.line.toBase64(),
      },
      removes,
    });
    await writeAtomically(this.#path, new TextEncoder().encode(text));
  }

  /** Reads the change that was not finished. */
  async read(): Promise<PendingChange | undefined> {
    let text: string;
    try {
      text = await Deno.readTextFile(this.#path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
    const { added, removes } = parse(text, this.#path);
    return {
      removes,
      ...(added !== undefined && {
        added: {
          messageId: added.messageId,
          arrived: new Date(added.arrived),
          places: new Map(added.places),
          line: Uint8Array.fromBase64(added.line),
        },
      }),
    };
  }

  /** Records that it is finished. */
  async clear(): Promise<void> {
    await Deno.remove(this.#path);
  }
}

/** The content of the file. */
interface Content {
  readonly added?: {
    readonly messageId: string;
    readonly arrived: number;
    readonly places: readonly (readonly [string, number])[];
    readonly line: string;
  };
  readonly removes: readonly string[];
}

function parse(text: string, path: string): Content {
  try {
    const content = JSON.parse(text) as Content;
    for (const [group] of content.added?.places ?? []) checkGroupName(group);
    if (Array.isArray(content.removes)) return content;
    throw new TypeError("it is not a change");
  } catch (cause) {
    throw new ProtocolError("the file of an unfinished change is damaged", {
      operation: "keep news",
      peer: path,
      hint: "without this file the change is given up",
      cause,
    });
  }
}

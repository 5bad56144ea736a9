/**
 * The memory of a synchronization: which message here is which message there, and the flags that both had.
 *
 * @module
 */

import { NetwrightError, writeAll } from "../../net/mod.ts";
import { writeAtomically } from "../files/atomic_file.ts";

/** A message that is on both sides. */
export interface SyncLink {
  /** Its number on the server. */
  readonly remote: number;
  /** Its number here. */
  readonly local: number;
  /** The flags that both had after the last run; of those in which they differed, the state before. */
  readonly flags: ReadonlySet<string>;
  /** The flags on the server after the last run. */
  readonly there: ReadonlySet<string>;
}

/** Numbers that messages of a run are not below. */
export interface RunStart {
  readonly remote: number;
  readonly local: number;
}

const HEAD = "netwright-sync 1";

/**
 * A file of lines: `HEAD REMOTE-UIDVALIDITY LOCAL-UIDVALIDITY`, then `L REMOTE LOCAL FLAG… | FLAG…` for a message on both
 * sides with the flags of both and those on the server,
 * `U REMOTE` for one that is on neither, `B REMOTE LOCAL` when a run begins, `E MODSEQ` when it ends. The last of a message
 * counts.
 */
export class SyncJournal implements Disposable {
  readonly #path: string;
  readonly #links = new Map<number, SyncLink>();
  #file: Deno.FsFile | undefined;
  /** The server's UIDVALIDITY; 0 before the first run. */
  remoteValidity = 0;
  /** The UIDVALIDITY here. */
  localValidity = 0;
  /** The modification sequence of the server after the last run, if it has any. */
  modseq: bigint | undefined;
  /** Where a run began that was broken off. */
  broken: RunStart | undefined;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Reads a journal.
   * @param path The file; it need not be there.
   * @returns The journal.
   * @throws {NetwrightError} If the file is none.
   */
  static async open(path: string): Promise<SyncJournal> {
    const journal = new SyncJournal(path);
    let text: string;
    try {
      text = await Deno.readTextFile(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return journal;
      throw error;
    }
    // The disk was full, or the system has crashed.
    if (text === "") return journal;
    const [head = "", ...lines] = text.split("\n");
    const [, remote, local] = /^netwright-sync 1 (\d{1,10}) (\d{1,10})$/.exec(head) ?? [];
    if (remote === undefined) {
      throw new NetwrightError("it is not a journal of imap sync", {
        operation: "read",
        peer: path,
      });
    }
    journal.remoteValidity = Number(remote);
    journal.localValidity = Number(local);
    // A line that a kill left half written has no line feed after it.
    for (const line of lines.slice(0, -1)) journal.#read(line);
    // A file that was cut is doubtful as a whole.
    if (!lines.some((line) => /^[BE] /.test(line))) journal.broken = { remote: 0, local: 0 };
    return journal;
  }

  #read(line: string): void {
    const [key, first = "", second = "", ...words] = line.split(" ");
    const [one, other] = [Number(first), Number(second)];
    if (key === "L") {
      const bar = words.indexOf("|");
      const flags = new Set(bar < 0 ? words : words.slice(0, bar));
      const there = bar < 0 ? flags : new Set(words.slice(bar + 1));
      this.#links.set(one, { remote: one, local: other, flags, there });
    } else if (key === "U") this.#links.delete(one);
    else if (key === "B") this.broken = { remote: one, local: other };
    else if (key === "E") {
      this.broken = undefined;
      this.modseq = /^\d{1,19}$/.test(first) ? BigInt(first) : undefined;
    }
  }

  /** All messages on both sides. */
  get links(): Iterable<SyncLink> {
    return this.#links.values();
  }

  /** Number of messages on both sides. */
  get size(): number {
    return this.#links.size;
  }

  /** Forgets all messages: their numbers are void. */
  clear(): void {
    this.#links.clear();
    this.modseq = undefined;
  }

  /**
   * Begins a run; from now on all records are synced.
   * @param start Numbers that new messages of both sides are not below.
   */
  async begin(start: RunStart): Promise<void> {
    await this.#write(`B ${start.remote} ${start.local}\n`);
    this.#file = await Deno.open(this.#path, { append: true });
  }

  /** Records messages on both sides. */
  async link(links: readonly SyncLink[]): Promise<void> {
    for (const link of links) this.#links.set(link.remote, link);
    await this.#append(links.map(formatLink));
  }

  /** Forgets messages that are on neither side any more. */
  async unlink(remotes: readonly number[]): Promise<void> {
    for (const remote of remotes) this.#links.delete(remote);
    await this.#append(remotes.map((remote) => `U ${remote}\n`));
  }

  async #append(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const file = this.#file!;
    await writeAll(file, new TextEncoder().encode(lines.join("")));
    await file.sync();
  }

  /**
   * Ends a run.
   * @param modseq The modification sequence of the server.
   */
  async end(modseq: bigint | undefined): Promise<void> {
    this.modseq = modseq;
    this.broken = undefined;
    await this.#write(`E ${modseq ?? "-"}\n`);
  }

  async #write(last: string): Promise<void> {
    this.#file?.close();
    this.#file = undefined;
    let text = `${HEAD} ${this.remoteValidity} ${this.localValidity}\n`;
    for (const link of this.#links.values()) text += formatLink(link);
    if (this.modseq !== undefined && !last.startsWith("E")) text += `E ${this.modseq}\n`;
    await writeAtomically(this.#path, new TextEncoder().encode(text + last));
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file?.close();
    this.#file = undefined;
  }
}

function formatLink({ remote, local, flags, there }: SyncLink): string {
  const [both, server] = [[...flags].sort(), [...there].sort()];
  const rest = both.join(" ") === server.join(" ") ? [] : ["|", ...server];
  return `${["L", remote, local, ...both, ...rest].join(" ")}\n`;
}

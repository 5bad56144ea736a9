/**
 * The memory of a gateway: which articles it has sent, and how far it has looked through each group.
 *
 * @module
 */

import { toFileError } from "../../net/internal.ts";
import { NetwrightError, TimeoutError, writeAll } from "../../net/mod.ts";
import { writeAtomically } from "../files/atomic_file.ts";
import { openLocked } from "../files/locked.ts";
import { readTextIfThere } from "../files/text_file.ts";

/** How long another run may use the memory, in milliseconds. */
const LOCK_MS = 30_000;
const HEAD = "netwright-gateway 1";
const DAY_MS = 24 * 60 * 60 * 1000;
/** How long an article is remembered that was not seen again, in milliseconds. */
const REMEMBERED_MS = 400 * DAY_MS;
/** After this time an article that is still there is remembered anew, in milliseconds. */
const RENEWED_MS = 30 * DAY_MS;
/** Largest file, in bytes. */
const MAX_BYTES = 1024 ** 3;

/** Remembers articles in a file, for one run at a time. */
export class GatewayMemory implements Disposable {
  readonly #path: string;
  readonly #lock: Deno.FsFile;
  /** When each article was sent or seen last, by its key, in milliseconds since 1970. */
  readonly #sent: Map<string, number>;
  /** Keys of articles whose sending has begun, and may have been broken off. */
  readonly #begun: Set<string>;
  /** The highest number that was looked at, by server and group. */
  readonly #groups: Map<string, number>;
  readonly #file: Deno.FsFile;

  private constructor(
    path: string,
    lock: Deno.FsFile,
    { sent, groups, begun }: Content,
  ) {
    this.#path = path;
    this.#lock = lock;
    this.#sent = sent;
    this.#begun = begun;
    this.#groups = groups;
    this.#file = Deno.openSync(path, { append: true });
  }

  /**
   * Opens the memory.
   * @param path The file; made if it is missing.
   * @param now The time, in milliseconds since 1970: articles sent long before are forgotten.
   * @returns The memory.
   * @throws {TimeoutError} If another run uses it for too long.
   * @throws {NetwrightError} If the file is something else.
   */
  static async open(path: string, now: number): Promise<GatewayMemory> {
    const lock = await openLocked(`${path}.lock`, LOCK_MS);
    if (lock === undefined) {
      throw new TimeoutError("another run uses it", { operation: "send news", peer: path });
    }
    try {
      const content = parse(await readTextIfThere(path, MAX_BYTES) ?? "", path);
      const { sent, groups } = content;
      for (const [id, time] of sent) if (time < now - REMEMBERED_MS) sent.delete(id);
      if (content.isTorn || content.lines > 2 * (sent.size + groups.size) + 100) {
        await write(path, content);
      }
      return new GatewayMemory(path, lock, content);
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  /**
   * Checks whether an article was sent.
   * @param messageId Its identifier.
   * @param now The time, in milliseconds since 1970.
   */
  async wasSent(messageId: string, now: number): Promise<boolean> {
    const key = keyOf(messageId);
    const time = this.#sent.get(key);
    if (time !== undefined && time < now - RENEWED_MS) await this.#add("sent", [key], now);
    return time !== undefined;
  }

  /** Whether a run was broken off while it sent an article: it may have arrived. */
  wasBegun(messageId: string): boolean {
    return this.#begun.has(keyOf(messageId));
  }

  /**
   * Records that articles are being sent; when this resolves it is on the disk. Without room for that, nothing is to be
   * sent: it would be sent again and again.
   * @param messageIds Their identifiers.
   * @param now The time, in milliseconds since 1970.
   */
  async begin(messageIds: readonly string[], now: number): Promise<void> {
    const keys = messageIds.map(keyOf);
    await this.#add("begun", keys, now);
    await this.#file.sync();
    for (const key of keys) this.#begun.add(key);
  }

  /**
   * Records that articles were sent; when this resolves it is on the disk.
   * @param messageIds Their identifiers.
   * @param now The time, in milliseconds since 1970.
   */
  async sent(messageIds: readonly string[], now: number): Promise<void> {
    await this.#add("sent", messageIds.map(keyOf), now);
    await this.#file.sync();
  }

  /**
   * Records that articles have certainly not arrived, though their sending had begun.
   * @param messageIds Their identifiers.
   * @param now The time, in milliseconds since 1970.
   */
  async failed(messageIds: readonly string[], now: number): Promise<void> {
    const keys = messageIds.map(keyOf);
    await this.#add("failed", keys, now);
    for (const key of keys) this.#begun.delete(key);
  }

  async #add(
    word: "begun" | "sent" | "failed",
    keys: readonly string[],
    now: number,
  ): Promise<void> {
    const lines = keys.map((key) => `${word} ${now} ${key}\n`);
    try {
      await writeAll(this.#file, new TextEncoder().encode(lines.join("")));
    } catch (error) {
      // The runtime does not say which file is on a full disk.
      throw toFileError(error, { operation: "write", peer: this.#path });
    }
    if (word !== "sent") return;
    for (const key of keys) {
      this.#sent.set(key, now);
      this.#begun.delete(key);
    }
  }

  /** The highest number that was looked at in a group; undefined if it is new. */
  lookedUpTo(server: string, group: string): number | undefined {
    return this.#groups.get(`${server} ${group}`);
  }

  /** Records how far a group was looked through. */
  async looked(server: string, group: string, number: number): Promise<void> {
    const key = `${server} ${group}`;
    if (this.#groups.get(key) === number) return;
    await writeAll(this.#file, new TextEncoder().encode(`group ${key} ${number}\n`));
    await this.#file.sync();
    this.#groups.set(key, number);
  }

  /** Lets another run use the memory. */
  [Symbol.dispose](): void {
    this.#file.close();
    this.#lock.close();
  }
}

/** An identifier as one word: servers list some that hold blanks. */
function keyOf(messageId: string): string {
  return messageId.toWellFormed().replace(/[^!-$&-~]/gu, encodeURIComponent);
}

interface Content {
  readonly sent: Map<string, number>;
  readonly begun: Set<string>;
  readonly groups: Map<string, number>;
  readonly lines: number;
  /** Whether the last line is incomplete, or the file is missing. */
  readonly isTorn: boolean;
}

function parse(text: string, path: string): Content {
  const [sent, groups] = [new Map<string, number>(), new Map<string, number>()];
  const begun = new Set<string>();
  const [head, ...lines] = text.split("\n");
  const rest = lines.pop();
  if (text === "" || (rest === undefined && HEAD.startsWith(head!))) {
    return { sent, groups, begun, lines: 0, isTorn: true };
  }
  const context = { operation: "send news", peer: path };
  if (head !== HEAD) throw new NetwrightError("the file is not the memory of a gateway", context);
  for (const line of lines) {
    const [, word, time, id] = /^(begun|sent|failed) (\d{1,15}) ([!-~]+)$/.exec(line) ?? [];
    const [, key, number] = /^group (\S+ \S+) (\d{1,16})$/.exec(line) ?? [];
    if (id !== undefined) {
      if (word === "sent") sent.set(id, Number(time));
      if (word === "begun") begun.add(id);
      else begun.delete(id);
    } else if (key !== undefined) groups.set(key, Number(number));
    else throw new NetwrightError("the memory of the gateway is damaged", context);
  }
  return { sent, groups, begun, lines: lines.length, isTorn: rest !== "" };
}

async function write(path: string, { sent, groups, begun }: Content): Promise<void> {
  const lines = [
    HEAD,
    ...Array.from(groups, ([key, number]) => `group ${key} ${number}`),
    ...Array.from(sent, ([id, time]) => `sent ${time} ${id}`),
    ...Array.from(begun, (id) => `begun 0 ${id}`),
  ];
  const text = lines.map((line) => `${line}\n`).join("");
  await writeAtomically(path, new TextEncoder().encode(text), { mode: 0o600 });
}

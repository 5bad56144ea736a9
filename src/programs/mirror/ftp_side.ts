/**
 * A folder of an FTP server as one side of a mirror.
 *
 * @module
 */

import {
  DisconnectedError,
  escapeForDisplay,
  InjectionError,
  NetwrightError,
  ReplyError,
  type Tainted,
  UnsupportedError,
  verbatim,
} from "../../net/mod.ts";
import { parseSizeText } from "../../protocols/ftp/internal.ts";
import {
  asEntryName,
  FtpClient,
  type FtpEntry,
  Uploads,
  type UploadStyle,
} from "../../protocols/ftp/mod.ts";
import { toReplyError } from "../../protocols/wire/internal.ts";
import { command, type CommandLine } from "../../protocols/wire/mod.ts";
import type {
  FileFacts,
  MirrorEntry,
  MirrorFacts,
  MirrorListing,
  MirrorPath,
  MirrorSession,
  MirrorSide,
  MirrorWrite,
} from "./side.ts";

/** Time zones are whole quarters of an hour. */
const ZONE_STEP_MS = 15 * 60_000;
/** The widest time zones, and a listing that is a little old. */
const MOST_ZONE_MS = 15 * 3_600_000;

/** Maximum size of files whose size on the server is asked together with renaming, which takes no round trip more. */
const SMALL_BYTES = 64 * 1024;

/** Replies to a command that the server does not know (RFC 959 §4.2). */
const UNKNOWN: ReadonlySet<number> = new Set([500, 501, 502, 504]);

/** Features that a server turned out to lack; learned by one session, known to all. */
interface Learned {
  keepsTimes: boolean;
  triedTimes: boolean;
  keepsModes: boolean;
  makesLinks: boolean;
  /** By how much the times of listings for people are ahead of UTC; undefined until it is known. */
  zoneMs: number | undefined;
}

/** A folder of a server. */
export class FtpSide implements MirrorSide {
  readonly #root: string;
  readonly #connect: () => Promise<FtpClient>;
  readonly #uploads: Uploads;
  readonly #learned: Learned = {
    keepsTimes: true,
    triedTimes: false,
    keepsModes: true,
    makesLinks: true,
    zoneMs: undefined,
  };

  /**
   * Uses a folder.
   * @param root The folder: absolute, or from where one lands.
   * @param connect Connects and logs in.
   * @param style Where files are until they are whole; found out by trying if absent.
   */
  constructor(root: string, connect: () => Promise<FtpClient>, style?: UploadStyle) {
    this.#uploads = new Uploads(style);
    this.#root = root.replace(/(?<=.)\/+$/, "");
    this.#connect = connect;
  }

  get keepsTimes(): boolean {
    return this.#learned.keepsTimes;
  }

  get keepsModes(): boolean {
    return this.#learned.keepsModes;
  }

  check(name: string): void {
    if (!/[\r\n\0]/.test(name)) return;
    throw new InjectionError("FTP cannot carry a name with a line break", {
      operation: "use a name",
    });
  }

  partialName(name: string, version: string): string | undefined {
    const { style } = this.#uploads;
    return style === "direct" ? undefined : this.#uploads.beside(name, version);
  }

  fold(name: string): string {
    return name;
  }

  async open(): Promise<MirrorSession> {
    return new FtpSession(await this.#connect(), this.#root, this.#learned, this.#uploads);
  }
}

class FtpSession implements MirrorSession {
  readonly isNear = false;
  readonly #client: FtpClient;
  readonly #root: string;
  readonly #learned: Learned;
  readonly #uploads: Uploads;

  constructor(client: FtpClient, root: string, learned: Learned, uploads: Uploads) {
    this.#uploads = uploads;
    this.#client = client;
    this.#root = root;
    this.#learned = learned;
  }

  get isClosed(): boolean {
    return this.#client.isClosed;
  }

  #path(path: MirrorPath): string {
    if (path.length === 0) return this.#root;
    const inner = path.join("/");
    if (this.#root === "") return inner;
    return this.#root === "/" ? `/${inner}` : `${this.#root}/${inner}`;
  }

  async hasRoot(): Promise<boolean> {
    if (/^\/*$/.test(this.#root)) return true;
    return (await this.#client.stat(this.#root))?.kind === "folder";
  }

  async makeRoot(): Promise<void> {
    await this.#client.makeFolder(this.#root, { parents: true });
  }

  async list(path: MirrorPath): Promise<MirrorListing> {
    const entries: MirrorEntry[] = [];
    const refused: Error[] = [];
    const onUnknown = (line: Tainted<string>): void => {
      refused.push(
        new NetwrightError(
          `a line of the listing is not understood: "${line.forDisplay()}"`,
        ),
      );
    };
    for await (const entry of this.#client.list(this.#path(path), { onUnknown })) {
      try {
        const known = toMirrorEntry(entry);
        entries.push(known);
      } catch (error) {
        if (!(error instanceof InjectionError)) throw error;
        refused.push(error);
      }
    }
    if (entries.every(({ precision = "second" }) => precision === "second")) {
      return { entries, refused };
    }
    const zoneMs = await this.#zone(path, entries);
    return { entries: entries.map((entry) => inUtc(entry, zoneMs)), refused };
  }

  /** Learns from one file how far listings for people are ahead of UTC. */
  async #zone(path: MirrorPath, entries: readonly MirrorEntry[]): Promise<number> {
    if (this.#learned.zoneMs !== undefined) return this.#learned.zoneMs;
    const known = entries.find(({ kind, precision }) => kind === "file" && precision === "minute");
    if (known?.modified === undefined) return 0;
    const exact = await this.#client.modified(this.#path([...path, known.name]));
    if (exact === undefined) return this.#learned.zoneMs = 0;
    const ahead = known.modified.getTime() - exact.getTime();
    const zoneMs = Math.round(ahead / ZONE_STEP_MS) * ZONE_STEP_MS;
    return this.#learned.zoneMs = Math.abs(zoneMs) <= MOST_ZONE_MS ? zoneMs : 0;
  }

  async facts(path: MirrorPath): Promise<FileFacts> {
    return await this.#client.facts(this.#path(path));
  }

  async keepsTimes(path: MirrorPath, modified: Date): Promise<boolean> {
    if ((await this.#client.features()).has("MFMT")) return true;
    if (!this.#learned.triedTimes) await this.#setModified(this.#path(path), modified);
    return this.#learned.keepsTimes;
  }

  async checksum(path: MirrorPath): Promise<string | undefined> {
    return await this.#client.checksum(this.#path(path));
  }

  read(
    path: MirrorPath,
    offset: number,
    onFacts?: (facts: FileFacts) => void,
  ): AsyncIterable<Uint8Array> {
    return this.#client.fetch(this.#path(path), { offset, onFacts });
  }

  async write(
    path: MirrorPath,
    content: AsyncIterable<Uint8Array>,
    file: MirrorWrite,
  ): Promise<void> {
    const place = this.#path(path);
    const { version, offset } = file;
    let size = offset;
    const counted = (async function* () {
      for await (const piece of content) {
        size += piece.length;
        yield piece;
      }
    })();
    const beside = await this.#uploads.store(this.#client, place, counted, { version, offset });
    if (size > SMALL_BYTES) await this.#uploads.verify(this.#client, beside, size);
    const isAsked = size <= SMALL_BYTES && (await this.#client.features()).has("SIZE");
    const verification = isAsked ? [command`SIZE ${beside}`] : [];
    if (beside === place) return void await this.#finish(place, file, verification, size);
    const renaming = [command`RNFR ${beside}`, command`RNTO ${place}`];
    try {
      await this.#finish(beside, file, [...verification, ...renaming], size);
    } catch (error) {
      await this.#uploads.replace(this.#client, beside, place, error);
    }
  }

  /**
   * Sets time and permissions, and runs the following commands, in one round trip. Commands that the server does not know
   * are not sent again.
   */
  async #finish(
    place: string,
    { modified, mode }: MirrorFacts,
    then: readonly CommandLine[] = [],
    size?: number,
  ): Promise<boolean> {
    const learned = this.#learned;
    const time = modified && await this.#client.setModifiedCommand(place, modified);
    let isSet = true;
    if (modified !== undefined && time === undefined) {
      isSet = await this.#setModified(place, modified);
    }
    const facts: CommandLine[] = [];
    if (mode !== undefined) {
      if (learned.keepsModes) {
        facts.push(command`SITE CHMOD ${(mode & 0o777).toString(8).padStart(3, "0")} ${place}`);
      } else isSet = false;
    }
    if (time !== undefined) facts.push(time);
    const replies = await this.#client.pipeline([...facts, ...then]);
    for (const [index, { verb }] of facts.entries()) {
      const code = Number(replies[index]!.code);
      if (code >= 400) isSet = false;
      if (verb === "SITE" && UNKNOWN.has(code)) learned.keepsModes = false;
    }
    let arrived: number | undefined;
    for (const [index, { verb }] of then.entries()) {
      const reply = replies[facts.length + index]!;
      if (verb === "SIZE") {
        arrived = reply.code === 213 ? reply.lines[0]?.validate(parseSizeText) : undefined;
      } else if (Number(reply.code) >= 400) throw toReplyError(reply, verb, this.#client.peer);
    }
    if (arrived !== undefined && arrived !== size) {
      throw new DisconnectedError(`${arrived} of ${size} bytes arrived`, {
        operation: "store a file",
        peer: this.#client.peer,
      });
    }
    return isSet;
  }

  async #setModified(place: string, modified: Date): Promise<boolean> {
    if (!this.#learned.keepsTimes) return false;
    this.#learned.triedTimes = true;
    try {
      await this.#client.setModified(place, modified);
      return true;
    } catch (error) {
      if (error instanceof UnsupportedError) this.#learned.keepsTimes = false;
      else if (!(error instanceof ReplyError)) throw error;
      return false;
    }
  }

  async makeFolder(path: MirrorPath): Promise<void> {
    await this.#client.makeFolder(this.#path(path)).catch(async (error) => {
      if (!(error instanceof ReplyError)) throw error;
      if ((await this.#client.stat(this.#path(path)))?.kind !== "folder") throw error;
    });
  }

  async makeLink(path: MirrorPath, target: string): Promise<boolean> {
    if (!this.#learned.makesLinks) return false;
    const link = this.#path(path);
    try {
      await this.#client.makeLink(link, target);
      return true;
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error;
      return this.#learned.makesLinks = false;
    }
  }

  async settle(path: MirrorPath, facts: MirrorFacts): Promise<boolean> {
    return await this.#finish(this.#path(path), facts);
  }

  async rename(from: MirrorPath, to: MirrorPath): Promise<void> {
    const [source, target] = [this.#path(from), this.#path(to)];
    await this.#client.rename(source, target).catch(async (error) => {
      const isDone = await this.#isGone(source, error) &&
        await this.#client.stat(target) !== undefined;
      if (!isDone) throw error;
    });
  }

  async remove(path: MirrorPath): Promise<void> {
    const place = this.#path(path);
    await this.#client.remove(place).catch(async (error) => {
      if (!await this.#isGone(place, error)) throw error;
    });
  }

  async removeFolder(path: MirrorPath): Promise<void> {
    const place = this.#path(path);
    await this.#client.removeFolder(place).catch(async (error) => {
      if (!await this.#isGone(place, error)) throw error;
    });
  }

  /** Whether an earlier attempt, whose reply was lost, has done the action that the server refuses now. */
  async #isGone(place: string, error: unknown): Promise<boolean> {
    if (!(error instanceof ReplyError)) throw error;
    return await this.#client.stat(place) === undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.quit();
  }
}

function toMirrorEntry({ name, target, ...entry }: FtpEntry): MirrorEntry {
  const text = name.validate(asEntryName);
  if (text.includes("\uFFFD")) {
    throw new InjectionError(
      `the name is not UTF-8 (--encoding latin1 keeps its bytes): "${escapeForDisplay(text)}"`,
      { operation: "use a name from the network" },
    );
  }
  return {
    kind: entry.kind,
    size: entry.size,
    modified: entry.modified,
    precision: entry.precision,
    mode: entry.mode,
    name: text,
    // Where it leads is judged before it is made.
    target: target?.validate(verbatim),
  };
}

function inUtc(entry: MirrorEntry, zoneMs: number): MirrorEntry {
  const { precision = "second", modified } = entry;
  if (precision === "second" || modified === undefined) return entry;
  return { ...entry, modified: new Date(modified.getTime() - zoneMs) };
}

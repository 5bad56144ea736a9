/**
 * The client's side of FTP.
 *
 * @module
 */

import {
  asShown,
  closeQuietly,
  InjectionError,
  LimitError,
  NetwrightError,
  ProtocolError,
  ReplyError,
  Tainted,
  trimBlanks,
  UnsupportedError,
} from "../../../net/mod.ts";
import { command, type CommandLine, type Reply } from "../../wire/mod.ts";
import { decodeLines, fromNetworkText, toNetworkText } from "../codec/text.ts";
import { FtpControl } from "./_control.ts";
import { copyBetween } from "./_server_copy.ts";
import type { Questions } from "./_data_connection.ts";
import { Transfers } from "./_transfer.ts";
import { isAnonymous } from "../codec/anonymous.ts";
import type { FtpClientOptions, FtpListOptions, OnUnknownLine } from "./client_options.ts";
import type { FtpEntry } from "../codec/entry.ts";
import { parseFacts, parseSizeText } from "../codec/facts.ts";
import { isDots, type ListedLine, ListReader, MlsdReader } from "../codec/listing.ts";
import { formatFtpTime, parseFtpTime } from "../codec/time.ts";

/** How a file is fetched. */
export interface FetchOptions {
  /** Where to begin, in bytes (REST). @default {0} */
  readonly offset?: number | undefined;
  /** As text: the server's line ends become LF. @default {false} */
  readonly text?: boolean | undefined;
  /** Told before the first piece what {@link FtpClient.facts} would tell, mostly without a round trip for it. */
  readonly onFacts?: ((facts: FtpFacts) => void) | undefined;
}

/** What a server knows of a file; what it does not know is absent. */
export type FtpFacts = Pick<FtpEntry, "size" | "modified">;

/** How a file is stored. */
export interface StoreOptions extends Omit<FetchOptions, "onFacts"> {
  /** Behind what is there (APPE). @default {false} */
  readonly append?: boolean | undefined;
}

/** How a file is copied to another server. */
export interface CopyOptions {
  /** How long it may take, in milliseconds: nobody sees how far it is. @default {3_600_000} */
  readonly timeoutMs?: number | undefined;
}

/** The verbs that servers had before HASH. */
const OLDER_CHECKSUMS = {
  "SHA-256": ["XSHA256", (path: string) => command`XSHA256 ${path}`],
  "SHA-1": ["XSHA1", (path: string) => command`XSHA1 ${path}`],
  "MD5": ["XMD5", (path: string) => command`XMD5 ${path}`],
} as const;

/** Longest wait for the reply to QUIT, in milliseconds. */
const QUIT_MS = 2000;

/**
 * Talks to an FTP server; one transfer or command at a time. A refusal is a `ReplyError` and leaves the session
 * usable; what else goes wrong closes it.
 *
 * @example The names in a folder, and a file
 * ```ts
 * import { asShown, parseEndpoint, systemNetwork } from "@netwright/netwright/net";
 * import { FtpClient } from "@netwright/netwright/ftp";
 * async function readme(host: string): Promise<string> {
 *   const endpoint = parseEndpoint(`${host}:21`);
 *   if (endpoint.transport !== "tcp" || "path" in endpoint) throw new TypeError("no host");
 *   await using client = await FtpClient.connect({ network: systemNetwork(), endpoint });
 *   await client.login();
 *   for await (const { name } of client.list("pub")) console.log(name.launder(asShown));
 *   let text = "";
 *   const decoder = new TextDecoder();
 *   for await (const piece of client.fetch("pub/README")) {
 *     text += decoder.decode(piece, { stream: true });
 *   }
 *   return text + decoder.decode();
 * }
 * ```
 */
export class FtpClient implements AsyncDisposable {
  readonly #control: FtpControl;
  readonly #transfers: Transfers;
  /** Whether LIST is asked for hidden files too, as far as is known. */
  #knowsMlsd = true;
  #listsHidden = true;
  /** The algorithm of HASH in use, as far as is known. */
  #hash: string | undefined;
  /** The command by which a time was set. */
  #wayToSetModified: string | undefined;

  private constructor(control: FtpControl) {
    this.#control = control;
    this.#transfers = new Transfers(control);
  }

  /**
   * Connects and hears the greeting; with TLS, data is protected from then on.
   * @param options Where, how, how long.
   * @returns The client, not logged in.
   * @throws {ConnectError|TimeoutError} If the server cannot be reached.
   * @throws {TlsError} If TLS could not be agreed on.
   * @throws {ReplyError} If the server turns us away.
   */
  static async connect(options: FtpClientOptions): Promise<FtpClient> {
    return new FtpClient(await FtpControl.open(options));
  }

  /** The server, printed as an endpoint. */
  get peer(): string {
    return this.#control.channel.peer;
  }

  /** Whether the session is over. */
  get isClosed(): boolean {
    return this.#control.channel.state === "closed";
  }

  /**
   * Logs in: USER, PASS, ACCT (RFC 959 §4.1.1).
   * @param user The name.
   * @param password The password; anonymous users give something like a mail address.
   * @param account What some servers want as well.
   * @throws {NetwrightError} If a password would go in clear text over a network.
   * @throws {ReplyError} If the server refuses.
   */
  async login(
    user = "anonymous",
    password: string = isAnonymous(user) ? "netwright@" : "",
    account?: string,
  ): Promise<void> {
    this.#mustBeFree();
    await this.#control.login(user, password, account);
  }

  /**
   * Tells what the server can do: FEAT (RFC 2389), asked once.
   * @returns The features by name in upper case, with what is said of them.
   */
  async features(): Promise<ReadonlyMap<string, string>> {
    return await this.#control.features();
  }

  /**
   * Lists a folder: MLSD, or LIST where the server has nothing better. Where MLSD leaves out where links lead, a LIST
   * of the folder follows it.
   * @param path The folder; the current one if empty.
   * @param options Who is told of lines that are not understood.
   * @returns Its entries as they come, without `.` and `..`. Leaving early ends the listing.
   * @throws {ReplyError} If the server refuses.
   * @throws {LimitError} If there are too many.
   * @throws {ProtocolError} At the end, if a line was not understood and `onUnknown` is absent: what is not in the
   *   listing then may well be in the folder.
   */
  async *list(path = "", { onUnknown }: FtpListOptions = {}): AsyncGenerator<FtpEntry> {
    this.#mustBeFree();
    let unknown = 0;
    const tell = onUnknown ?? (() => void unknown++);
    if ((await this.features()).has("MLST") && this.#knowsMlsd) {
      const line = path === "" ? command`MLSD` : command`MLSD ${path}`;
      try {
        yield* this.#withTargets(path, this.#listing(line, () => new MlsdReader(), tell));
      } catch (error) {
        // Some servers tell of MLST in FEAT and do not know MLSD.
        if (!(error instanceof ReplyError && UNKNOWN_COMMAND.has(Number(error.code)))) throw error;
        this.#knowsMlsd = false;
        yield* this.#plainList(path, tell);
      }
    } else yield* this.#plainList(path, tell);
    if (unknown === 0) return;
    throw new ProtocolError(`${unknown} lines of the listing were not understood`, {
      operation: "list",
      peer: this.peer,
    });
  }

  /**
   * Adds the targets of links, which most servers leave out of MLSD: links without one come last, after a LIST of the
   * same folder.
   */
  async *#withTargets(
    path: string,
    entries: AsyncGenerator<FtpEntry>,
  ): AsyncGenerator<FtpEntry> {
    const links = new Map<string, FtpEntry>();
    for await (const entry of entries) {
      if (entry.kind !== "link" || entry.target !== undefined) yield entry;
      else links.set(entry.name.launder((text) => text), entry);
    }
    if (links.size === 0) return;
    try {
      for await (const { name, target } of this.#plainList(path, () => {})) {
        const key = name.launder((text) => text);
        const link = links.get(key);
        if (link !== undefined) links.set(key, { ...link, target });
      }
    } catch (error) {
      // The links are known; where they lead is not.
      if (!(error instanceof ReplyError)) throw error;
    }
    yield* links.values();
  }

  /** Programs behind LIST take arguments apart in their own ways: so the folder is gone into. */
  async *#plainList(path: string, tell: OnUnknownLine): AsyncGenerator<FtpEntry> {
    const before = path === "" ? undefined : await this.pwd();
    if (path !== "") await this.cd(path);
    try {
      const now = new Date();
      const { zoneMinutes } = this.#control.options;
      const reader = (): LineParser => new ListReader({ now, zoneMinutes });
      let count = 0;
      let isName = false;
      const given = new Set<string>();
      const counting = (line: Tainted<string>): void => {
        count++;
        tell(line);
      };
      if (this.#listsHidden) {
        try {
          for await (const entry of this.#listing(command`LIST -a`, reader, counting)) {
            count++;
            const name = entry.name.launder((text) => text);
            // It may be the name of a file to this server, and then be all that it lists.
            if (name === "-a") isName = true;
            else given.add(name);
            yield entry;
          }
        } catch (error) {
          // An error after the first line means an incomplete listing, not an unknown option.
          if (!(error instanceof ReplyError) || count > 0) throw error;
          this.#listsHidden = false;
        }
      }
      // Some servers take -a for a name, and list nothing, or just that.
      if (count === 0 || isName) {
        for await (const entry of this.#unlessEmpty(this.#listing(command`LIST`, reader, tell))) {
          const name = entry.name.launder((text) => text);
          if (!isName || name !== "-a" && !given.has(name)) yield entry;
        }
      }
    } finally {
      if (before !== undefined && !this.isClosed) await this.cd(before);
    }
  }

  /** Some servers refuse to list an empty folder. */
  async *#unlessEmpty(entries: AsyncGenerator<FtpEntry>): AsyncGenerator<FtpEntry> {
    try {
      yield* entries;
    } catch (error) {
      const isEmpty = error instanceof ReplyError && [450, 550].includes(Number(error.code)) &&
        /no files|empty/i.test(error.message);
      if (!isEmpty) throw error;
    }
  }

  async *#listing(
    line: CommandLine,
    makeReader: () => LineParser,
    tell: OnUnknownLine,
  ): AsyncGenerator<FtpEntry> {
    const { maxEntries = 1_000_000, encoding } = this.#control.options;
    const reader = makeReader();
    let count = 0;
    const take = (listed: Iterable<ListedLine>): FtpEntry[] => {
      const entries: FtpEntry[] = [];
      for (const line of listed) {
        if ("unknown" in line) tell(line.unknown);
        else if (!isDots(line.entry.name)) entries.push(line.entry);
      }
      count += entries.length;
      if (count <= maxEntries) return entries;
      throw new LimitError(`the listing has more than ${maxEntries} entries`, {
        operation: "list",
        peer: this.peer,
        limit: maxEntries,
      });
    };
    const lines = decodeLines(this.#transfers.fetch({ line }), encoding, this.peer);
    for await (const { text, isCut } of lines) {
      // Of a name that is cut nobody knows the rest.
      if (isCut) tell(new Tainted(text));
      else yield* take(reader.read(text));
    }
    yield* take(reader.end());
  }

  /**
   * Tells what the server knows of one file or folder: MLST, else from the listing of its folder.
   * @param path The file.
   * @returns What is known; undefined if there is no such file.
   * @throws {ReplyError} If the server refuses for another reason than that.
   */
  async stat(path: string): Promise<FtpEntry | undefined> {
    this.#mustBeFree();
    if ((await this.features()).has("MLST")) {
      const reply = await this.#unless(550, command`MLST ${path}`);
      const entry = reply?.lines.map((line) =>
        line.launder((text) => parseFacts(text.replace(/^ /, "")))
      )
        .find(
          (entry) => entry !== undefined,
        );
      if (reply !== undefined && entry === undefined) throw this.#malformed("MLST");
      return entry;
    }
    const trimmed = path.replace(/(?<=.)\/+$/, "");
    const slash = trimmed.lastIndexOf("/");
    const [folder, name] = [trimmed.slice(0, slash < 0 ? 0 : slash || 1), trimmed.slice(slash + 1)];
    if (name === "" || name === "." || name === "..") {
      return { name: new Tainted(name), kind: "folder" };
    }
    let found: FtpEntry | undefined;
    let unknown = 0;
    try {
      for await (const entry of this.list(folder, { onUnknown: () => unknown++ })) {
        if (entry.name.launder((text) => text === name)) found = entry;
      }
    } catch (error) {
      if (!(error instanceof ReplyError && error.code === 550)) throw error;
    }
    if (found !== undefined || unknown === 0) return found;
    throw new ProtocolError(
      `${unknown} lines of the listing were not understood; it may be there`,
      {
        operation: "look for a file",
        peer: this.peer,
      },
    );
  }

  /**
   * Fetches a file: RETR (RFC 959 §4.1.3).
   * @param path The file.
   * @param options Where to begin, and whether it is text.
   * @returns Pieces that the caller owns. Leaving early ends the transfer (ABOR).
   * @throws {ReplyError} If the server refuses, or could not send all of it.
   * @throws {UnsupportedError} If an offset is given and the server cannot resume.
   */
  async *fetch(path: string, options: FetchOptions = {}): AsyncGenerator<Uint8Array> {
    this.#mustBeFree();
    const { offset, text = false } = checked(options);
    const { onFacts } = options;
    let questions: Questions | undefined;
    if (onFacts !== undefined) {
      // SIZE tells of bytes, not of text.
      if (!text && await this.#hasSizeAndTime()) {
        const onReplies = (replies: readonly Reply[]): void => onFacts(readFacts(replies));
        questions = { lines: sizeAndTime(path), onReplies };
      } else onFacts(await this.facts(path));
    }
    const line = command`RETR ${path}`;
    const pieces = this.#transfers.fetch({ line, offset, type: text ? "A" : "I", questions });
    yield* text ? fromNetworkText(pieces) : pieces;
  }

  /**
   * Stores a file: STOR, or APPE.
   * @param path The file.
   * @param content Pieces; if they throw, the transfer is ended and the server told so.
   * @param options Where to begin, and whether it is text.
   * @throws {ReplyError} If the server refuses, or could not keep all of it.
   * @throws {UnsupportedError} If an offset is given and the server cannot resume.
   */
  async store(
    path: string,
    content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options: StoreOptions = {},
  ): Promise<void> {
    this.#mustBeFree();
    const { offset, text = false, append = false } = checked(options);
    if (append && offset !== undefined) throw new RangeError("to append knows no offset");
    const line = append ? command`APPE ${path}` : command`STOR ${path}`;
    await this.#transfers.store(
      { line, offset, type: text ? "A" : "I" },
      text ? toNetworkText(content) : content,
    );
  }

  /**
   * Copies a file to another server, to which it goes without coming here (FXP): nobody sees how far it is, and most
   * servers refuse it.
   * @param target A session with the other server.
   * @param from The file.
   * @param to Its path on the other server.
   * @param options How long it may take.
   * @throws {ReplyError} If either refuses the file.
   * @throws {NetwrightError} If neither sends data to the other.
   * @throws {UnsupportedError} If data is to be inside TLS.
   */
  async copyTo(
    target: FtpClient,
    from: string,
    to: string,
    options: CopyOptions = {},
  ): Promise<void> {
    if (target === this) throw new TypeError("a copy wants two sessions");
    using _source = this.#transfers.reserve();
    using _target = target.#transfers.reserve();
    await copyBetween(this.#control, from, target.#control, to, options.timeoutMs);
  }

  /** Tells the current folder: PWD. */
  async pwd(): Promise<string> {
    const { lines } = await this.send(command`PWD`, [257]);
    const path = lines[0]?.launder((text) =>
      // Some servers leave the quotes out.
      /"((?:[^"]|"")*)"/.exec(text)?.[1] ?? /^ *(\/\S*)/.exec(text)?.[1]
    );
    if (path === undefined) throw this.#malformed("PWD");
    return path.replaceAll('""', '"');
  }

  /** Changes the current folder: CWD, or CDUP for `..`. */
  async cd(path: string): Promise<void> {
    await this.send(path === ".." ? command`CDUP` : command`CWD ${path}`);
  }

  /** Renames: RNFR and RNTO. What stands there under the new name may be replaced, or not, by the server. */
  async rename(from: string, to: string): Promise<void> {
    const next = command`RNTO ${to}`;
    await this.send(command`RNFR ${from}`, [350]);
    await this.send(next);
  }

  /** Removes a file: DELE. */
  async remove(path: string): Promise<void> {
    await this.send(command`DELE ${path}`);
  }

  /**
   * Removes a folder: RMD.
   * @param path The folder.
   * @param options With `recursive` all that is in it as well; links are removed and not followed.
   */
  async removeFolder(path: string, options: { readonly recursive?: boolean } = {}): Promise<void> {
    if (options.recursive === true) {
      const entries: FtpEntry[] = [];
      for await (const entry of this.list(path)) entries.push(entry);
      for (const { name, kind } of entries) {
        const inner = `${path.replace(/\/$/, "")}/${name.launder(asEntryName)}`;
        if (kind === "folder") await this.removeFolder(inner, options);
        else await this.remove(inner);
      }
    }
    await this.send(command`RMD ${path}`);
  }

  /**
   * Makes a folder: MKD.
   * @param path The folder.
   * @param options With `parents` the folders above it too, and one that is there is no error.
   */
  async makeFolder(path: string, options: { readonly parents?: boolean } = {}): Promise<void> {
    if (options.parents !== true) return void await this.send(command`MKD ${path}`);
    const parts = path.split("/").filter((part) => part !== "");
    for (let length = 1; length <= parts.length; length++) {
      const folder = (path.startsWith("/") ? "/" : "") + parts.slice(0, length).join("/");
      try {
        await this.send(command`MKD ${folder}`);
      } catch (error) {
        // It may be there, or its parent may be one where nothing may be made; the last one tells.
        if (!(error instanceof ReplyError)) throw error;
        if (length === parts.length && (await this.stat(folder))?.kind !== "folder") throw error;
      }
    }
  }

  /** Changes permission bits: SITE CHMOD. */
  async chmod(path: string, mode: number): Promise<void> {
    if (!(mode >= 0 && mode <= 0o7777)) throw new RangeError("mode must be 0 to 0o7777");
    await this.send(command`SITE CHMOD ${mode.toString(8).padStart(3, "0")} ${path}`);
  }

  /**
   * Makes a symbolic link, in place of a link that is there: SITE SYMLINK, which few servers have.
   * @param path The link.
   * @param target What it leads to.
   * @throws {UnsupportedError} If the server has no such command.
   */
  async makeLink(path: string, target: string): Promise<void> {
    this.#mustBeFree();
    const line = {
      ...command`SITE SYMLINK ${quoted(target)} ${quoted(path)}`,
      verb: "SITE SYMLINK",
    };
    try {
      if (await this.#control.optional(line) !== undefined) return;
    } catch (error) {
      // Some do not know SITE, some not this word behind it.
      if (!(error instanceof ReplyError && [501, 504].includes(Number(error.code)))) throw error;
    }
    throw new UnsupportedError("the server makes no links", {
      operation: "make a link",
      peer: this.peer,
    });
  }

  /**
   * Tells the size of a file in bytes: SIZE (RFC 3659 §4).
   * @returns Undefined if there is no such file, or the server does not know.
   */
  async size(path: string): Promise<number | undefined> {
    this.#mustBeFree();
    await this.#control.setType("I");
    const reply = await this.#unless(550, command`SIZE ${path}`);
    // What is no number is as good as not known.
    return reply?.lines[0]?.launder(parseSizeText);
  }

  /**
   * Size and exact time of a file's content in one round trip: SIZE and MDTM, which follow symbolic links, else MLST,
   * which some servers answer with facts of the link itself.
   * @param path The file.
   * @returns What the server knows; nothing if there is no such file.
   */
  async facts(path: string): Promise<FtpFacts> {
    if (await this.#hasSizeAndTime()) {
      this.#mustBeFree();
      await this.#control.setType("I");
      return readFacts(await this.pipeline(sizeAndTime(path)));
    }
    if (!(await this.features()).has("MLST")) {
      return { size: await this.size(path), modified: await this.modified(path) };
    }
    const entry = await this.stat(path);
    return entry?.kind === "link" ? {} : entry ?? {};
  }

  async #hasSizeAndTime(): Promise<boolean> {
    const features = await this.features();
    return features.has("SIZE") && features.has("MDTM");
  }

  /**
   * Tells when a file was changed: MDTM (RFC 3659 §3).
   * @returns Undefined if there is no such file, or the server does not know.
   */
  async modified(path: string): Promise<Date | undefined> {
    const reply = await this.#unless(550, command`MDTM ${path}`);
    if (reply === undefined) return undefined;
    // What is no time, such as one of the month 0, is as good as not known.
    return reply.lines[0]?.launder((text) => parseFtpTime(trimBlanks(text)));
  }

  /**
   * The command by which {@link setModified} would do it, for {@link pipeline}.
   * @param path The file.
   * @param time The time; servers keep whole seconds.
   * @returns Undefined until it is known that the server has it.
   */
  async setModifiedCommand(path: string, time: Date): Promise<CommandLine | undefined> {
    const known = (await this.features()).has("MFMT") ? "MFMT" : this.#wayToSetModified;
    return waysToSetModified(path, time).find(({ verb }) => verb === known);
  }

  /**
   * Sets when a file was changed: MFMT, MDTM with a time, or SITE UTIME, whichever the server has.
   * @param path The file.
   * @param time The time; servers keep whole seconds.
   * @throws {UnsupportedError} If the server has none of them.
   */
  async setModified(path: string, time: Date): Promise<void> {
    const ways = waysToSetModified(path, time);
    const hasMfmt = (await this.features()).has("MFMT");
    for (const way of hasMfmt ? ways.slice(0, 1) : ways) {
      this.#mustBeFree();
      try {
        if (await this.#control.optional(way) !== undefined) {
          this.#wayToSetModified = way.verb;
          return;
        }
      } catch (error) {
        // A server that knows MDTM only for asking takes the time for a part of the name.
        if (!(error instanceof ReplyError) || way === ways.at(-1) || hasMfmt) throw error;
      }
    }
    throw new UnsupportedError("the server cannot set times", {
      operation: "set a time",
      peer: this.peer,
    });
  }

  /**
   * Asks for the checksum of a file: HASH (draft-bryan-ftpext-hash), or XSHA256, XSHA1, XMD5 of older servers.
   * @param path The file.
   * @param algorithm Which one.
   * @returns It, in hexadecimal and lower case; undefined if the server does not compute this one.
   * @throws {ReplyError} If the server refuses, as for a file that is not there.
   */
  async checksum(
    path: string,
    algorithm: "SHA-256" | "SHA-1" | "MD5" = "SHA-256",
  ): Promise<string | undefined> {
    const features = await this.features();
    const offered = (features.get("HASH") ?? "").toUpperCase().split(";").map((name) =>
      trimBlanks(name)
    );
    const [older, olderLine] = OLDER_CHECKSUMS[algorithm];
    let line: CommandLine;
    if (offered.some((name) => name.replace("*", "") === algorithm)) {
      // The star marks the one in use.
      this.#hash ??= offered.find((name) => name.endsWith("*"))?.slice(0, -1);
      if (this.#hash !== algorithm) await this.send(command`OPTS HASH ${algorithm}`);
      this.#hash = algorithm;
      line = command`HASH ${path}`;
    } else if (features.has(older)) line = olderLine(path);
    else return undefined;
    const { lines } = await this.send(line);
    const digits = { "SHA-256": 64, "SHA-1": 40, "MD5": 32 }[algorithm];
    const isHash = (word: string): boolean => word.length === digits && /^[0-9a-f]+$/i.test(word);
    const hash = lines.map((line) => line.launder((text) => text.split(" ").find(isHash)))
      .find((word) => word !== undefined);
    if (hash === undefined) throw this.#malformed(line.verb);
    return hash.toLowerCase();
  }

  /**
   * Sends any command that needs no data connection.
   * @param line The command.
   * @param accept Codes that are good; without it those below 400.
   * @returns The reply.
   * @throws {ReplyError} If the server refuses.
   * @throws {TypeError} If a transfer is under way.
   */
  async send(line: CommandLine, accept?: readonly number[]): Promise<Reply> {
    this.#mustBeFree();
    return await this.#control.channel.send(line, accept);
  }

  /** Sends several commands at once and reads their replies in order, good or bad. */
  async pipeline(lines: readonly CommandLine[]): Promise<Reply[]> {
    this.#mustBeFree();
    return await this.#control.channel.pipeline(lines);
  }

  /** Nothing, but the session stays awake: NOOP. */
  async noop(): Promise<void> {
    await this.send(command`NOOP`);
  }

  /** Ends the session politely: QUIT. */
  async quit(): Promise<void> {
    const timer = setTimeout(() => this.close(), QUIT_MS);
    try {
      if (!this.isClosed && !this.#transfers.isBusy) await this.send(command`QUIT`);
    } catch (error) {
      // Whatever the server says to a farewell, the session is over.
      if (!(error instanceof NetwrightError)) throw error;
    } finally {
      clearTimeout(timer);
      this.close();
    }
  }

  /** Ends the session at once; may be called again. */
  close(): void {
    closeQuietly(this.#control.channel);
  }

  /** Ends the session politely. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.quit();
  }

  /** Sends a command, and takes one refusal for "no such file", and not knowing it for "not known". */
  async #unless(code: number, line: CommandLine): Promise<Reply | undefined> {
    this.#mustBeFree();
    try {
      return await this.#control.optional(line);
    } catch (error) {
      if (error instanceof ReplyError && error.code === code) return undefined;
      throw error;
    }
  }

  #mustBeFree(): void {
    if (this.#transfers.isBusy) throw new TypeError("a transfer is under way");
  }

  #malformed(verb: string): ProtocolError {
    return new ProtocolError(`the reply to ${verb} is malformed`, {
      operation: `complete ${verb}`,
      peer: this.peer,
    });
  }
}

/** Replies to a command that a server does not know (RFC 959 §4.2). */
const UNKNOWN_COMMAND: ReadonlySet<number> = new Set([500, 501, 502, 504]);

/** Reads the lines of one listing. */
interface LineParser {
  read(line: string): Iterable<ListedLine>;
  end(): Iterable<ListedLine>;
}

/** Validator for the name of an entry that goes back to the server as a part of a path. */
export function asEntryName(name: string): string {
  if (name !== "" && name !== "." && name !== ".." && !/[/\r\n\0]/.test(name)) return name;
  throw new InjectionError(`this is no name of an entry: "${asShown(name)}"`, {
    operation: "use a name from the network",
  });
}

/** Servers take words apart at spaces, unless there are quotes around them. */
function quoted(word: string): string {
  return `"${word.replaceAll(/["\\]/g, "\\$&")}"`;
}

function checked<T extends { readonly offset?: number | undefined }>(options: T): T {
  const { offset } = options;
  if (offset !== undefined && !(Number.isSafeInteger(offset) && offset >= 0)) {
    throw new RangeError("offset must be a whole number");
  }
  return options;
}

/** What servers have for it; the verbs tell them apart. */
function waysToSetModified(path: string, time: Date): CommandLine[] {
  const digits = formatFtpTime(new Date(Math.floor(time.getTime() / 1000) * 1000));
  return [
    { ...command`MFMT ${digits} ${path}`, verb: "MFMT" },
    { ...command`MDTM ${digits} ${path}`, verb: "MDTM with a time" },
    { ...command`SITE UTIME ${digits} ${path}`, verb: "SITE UTIME" },
  ];
}

function sizeAndTime(path: string): CommandLine[] {
  return [command`SIZE ${path}`, command`MDTM ${path}`];
}

function readFacts(replies: readonly Reply[]): FtpFacts {
  const [size, modified] = replies.map(({ code, lines }) => code === 213 ? lines[0] : undefined);
  return {
    size: size?.launder(parseSizeText),
    modified: modified?.launder((text) => parseFtpTime(trimBlanks(text))),
  };
}

/**
 * An FTP server's reports on folders and their entries.
 *
 * @module
 */

import { LimitError, ProtocolError, ReplyError, Tainted } from "../../../net/mod.ts";
import { command, type CommandLine } from "../../wire/mod.ts";
import type { FtpEntry } from "../codec/entry.ts";
import { parseFacts } from "../codec/facts.ts";
import { isDotEntry, type ListedLine, ListReader, MlsdReader } from "../codec/listing.ts";
import { decodeLines } from "../codec/text.ts";
import type { FtpRequests } from "./_requests.ts";
import type { FtpListOptions, OnUnknownLine } from "./client_options.ts";

/** Replies to a command that a server does not know (RFC 959 §4.2). */
const UNKNOWN_COMMAND: ReadonlySet<number> = new Set([500, 501, 502, 504]);

/** Reads the lines of one listing. */
interface LineParser {
  read(line: string): Iterable<ListedLine>;
  end(): Iterable<ListedLine>;
}

/** Lists folders of one server. */
export class FtpListing {
  readonly #requests: FtpRequests;
  #knowsMlsd = true;
  /** Whether LIST is asked for hidden files too, as far as is known. */
  #listsHidden = true;

  constructor(requests: FtpRequests) {
    this.#requests = requests;
  }

  /** Lists a folder, as `FtpClient.list` does. */
  async *list(path: string, { onUnknown }: FtpListOptions): AsyncGenerator<FtpEntry> {
    this.#requests.assertIdle();
    let unknown = 0;
    const report = onUnknown ?? (() => void unknown++);
    if ((await this.#requests.control.features()).has("MLST") && this.#knowsMlsd) {
      const line = path === "" ? command`MLSD` : command`MLSD ${path}`;
      try {
        yield* this.#withTargets(path, this.#listing(line, () => new MlsdReader(), report));
      } catch (error) {
        // Some servers list MLST in FEAT and do not know MLSD.
        if (!(error instanceof ReplyError && UNKNOWN_COMMAND.has(Number(error.code)))) throw error;
        this.#knowsMlsd = false;
        yield* this.#plainList(path, report);
      }
    } else yield* this.#plainList(path, report);
    if (unknown === 0) return;
    throw new ProtocolError(`${unknown} lines of the listing were not understood`, {
      operation: "list",
      peer: this.#requests.peer,
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
      else links.set(entry.name.toKey(), entry);
    }
    if (links.size === 0) return;
    try {
      for await (const { name, target } of this.#plainList(path, () => {})) {
        const key = name.toKey();
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
  async *#plainList(path: string, report: OnUnknownLine): AsyncGenerator<FtpEntry> {
    const before = path === "" ? undefined : await this.#requests.pwd();
    if (path !== "") await this.#requests.cd(path);
    try {
      const now = new Date();
      const { zoneMinutes } = this.#requests.control.options;
      const reader = (): LineParser => new ListReader({ now, zoneMinutes });
      let count = 0;
      let isName = false;
      const given = new Set<string>();
      const counting = (line: Tainted<string>): void => {
        count++;
        report(line);
      };
      if (this.#listsHidden) {
        try {
          for await (const entry of this.#listing(command`LIST -a`, reader, counting)) {
            count++;
            const name = entry.name.toKey();
            // It may be the name of a file to this server, and then be all that it lists.
            if (entry.name.equals("-a")) isName = true;
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
        for await (const entry of this.#unlessEmpty(this.#listing(command`LIST`, reader, report))) {
          const name = entry.name.toKey();
          if (!isName || !entry.name.equals("-a") && !given.has(name)) yield entry;
        }
      }
    } finally {
      if (before !== undefined && !this.#requests.isClosed) await this.#requests.cd(before);
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
    report: OnUnknownLine,
  ): AsyncGenerator<FtpEntry> {
    const { maxEntries = 1_000_000, encoding } = this.#requests.control.options;
    const reader = makeReader();
    let count = 0;
    const take = (listed: Iterable<ListedLine>): FtpEntry[] => {
      const entries: FtpEntry[] = [];
      for (const line of listed) {
        if ("unknown" in line) report(line.unknown);
        else if (!isDotEntry(line.entry.name)) entries.push(line.entry);
      }
      count += entries.length;
      if (count <= maxEntries) return entries;
      throw new LimitError(`the listing has more than ${maxEntries} entries`, {
        operation: "list",
        peer: this.#requests.peer,
        limit: maxEntries,
      });
    };
    const lines = decodeLines(
      this.#requests.transfers.fetch({ line }),
      encoding,
      this.#requests.peer,
    );
    for await (const { text, isCut } of lines) {
      // The rest of a truncated name is unknown.
      if (isCut) report(new Tainted(text));
      else yield* take(reader.read(text));
    }
    yield* take(reader.end());
  }

  /** Reports on one file or folder, as `FtpClient.stat` does. */
  async stat(path: string): Promise<FtpEntry | undefined> {
    this.#requests.assertIdle();
    if ((await this.#requests.control.features()).has("MLST")) {
      const reply = await this.#requests.ifThere(command`MLST ${path}`);
      const entry = reply?.lines.map((line) =>
        line.validate((text) => parseFacts(text.replace(/^ /, "")))
      )
        .find(
          (entry) => entry !== undefined,
        );
      if (reply !== undefined && entry === undefined) throw this.#requests.malformed("MLST");
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
        if (entry.name.equals(name)) found = entry;
      }
    } catch (error) {
      if (!(error instanceof ReplyError && error.code === 550)) throw error;
    }
    if (found !== undefined || unknown === 0) return found;
    throw new ProtocolError(
      `${unknown} lines of the listing were not understood; it may be there`,
      {
        operation: "look for a file",
        peer: this.#requests.peer,
      },
    );
  }
}

/**
 * Size, time, checksum and links of the files of an FTP server.
 *
 * @module
 */

import { trimBlanks } from "../../../net/internal.ts";
import { ReplyError, UnsupportedError } from "../../../net/mod.ts";
import { command, type CommandLine, type Reply } from "../../wire/mod.ts";
import type { FtpFacts } from "../codec/entry.ts";
import { parseSizeText } from "../codec/facts.ts";
import { formatFtpTime, parseFtpTime } from "../codec/time.ts";
import type { FtpListing } from "./_listing.ts";
import type { FtpRequests } from "./_requests.ts";

/** The verbs that servers had before HASH. */
const OLDER_CHECKSUMS = {
  "SHA-256": ["XSHA256", (path: string) => command`XSHA256 ${path}`],
  "SHA-1": ["XSHA1", (path: string) => command`XSHA1 ${path}`],
  "MD5": ["XMD5", (path: string) => command`XMD5 ${path}`],
} as const;

/** Queries and changes the attributes of files on one server. */
export class FtpAttributes {
  readonly #requests: FtpRequests;
  readonly #listing: FtpListing;
  /** The algorithm of HASH in use, as far as is known. */
  #hash: string | undefined;
  /** The command by which a time was set. */
  #wayToSetModified: string | undefined;

  constructor(requests: FtpRequests, listing: FtpListing) {
    this.#requests = requests;
    this.#listing = listing;
  }

  /** Makes a symbolic link, as `FtpClient.makeLink` does. */
  async makeLink(path: string, target: string): Promise<void> {
    this.#requests.assertIdle();
    const line = {
      ...command`SITE SYMLINK ${quoted(target)} ${quoted(path)}`,
      verb: "SITE SYMLINK",
    };
    try {
      if (await this.#requests.control.optional(line) !== undefined) return;
    } catch (error) {
      // Some do not know SITE, some not this word behind it.
      if (!(error instanceof ReplyError && [501, 504].includes(Number(error.code)))) throw error;
    }
    throw new UnsupportedError("the server makes no links", {
      operation: "make a link",
      peer: this.#requests.peer,
    });
  }

  /** Returns the size, as `FtpClient.size` does. */
  async size(path: string): Promise<number | undefined> {
    this.#requests.assertIdle();
    await this.#requests.control.setType("I");
    const reply = await this.#requests.ifThere(command`SIZE ${path}`);
    // A malformed number counts as unknown.
    return reply?.lines[0]?.validate(parseSizeText);
  }

  /** Returns size and time, as `FtpClient.facts` does. */
  async facts(path: string): Promise<FtpFacts> {
    if (await this.hasSizeAndTime()) {
      this.#requests.assertIdle();
      await this.#requests.control.setType("I");
      return readFacts(await this.#requests.pipeline(sizeAndTime(path)));
    }
    if (!(await this.#requests.control.features()).has("MLST")) {
      return { size: await this.size(path), modified: await this.modified(path) };
    }
    const entry = await this.#listing.stat(path);
    return entry?.kind === "link" ? {} : entry ?? {};
  }

  /** Whether size and time cost one round trip. */
  async hasSizeAndTime(): Promise<boolean> {
    const features = await this.#requests.control.features();
    return features.has("SIZE") && features.has("MDTM");
  }

  /** Returns the time, as `FtpClient.modified` does. */
  async modified(path: string): Promise<Date | undefined> {
    const reply = await this.#requests.ifThere(command`MDTM ${path}`);
    if (reply === undefined) return undefined;
    // A malformed time, such as one in month 0, counts as unknown.
    return reply.lines[0]?.validate((text) => parseFtpTime(trimBlanks(text)));
  }

  /** Gives the command that sets the time, as `FtpClient.setModifiedCommand` does. */
  async setModifiedCommand(path: string, time: Date): Promise<CommandLine | undefined> {
    const known = (await this.#requests.control.features()).has("MFMT")
      ? "MFMT"
      : this.#wayToSetModified;
    return waysToSetModified(path, time).find(({ verb }) => verb === known);
  }

  /** Sets the time, as `FtpClient.setModified` does. */
  async setModified(path: string, time: Date): Promise<void> {
    const ways = waysToSetModified(path, time);
    const hasMfmt = (await this.#requests.control.features()).has("MFMT");
    for (const way of hasMfmt ? ways.slice(0, 1) : ways) {
      this.#requests.assertIdle();
      try {
        if (await this.#requests.control.optional(way) !== undefined) {
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
      peer: this.#requests.peer,
    });
  }

  /** Asks for a checksum, as `FtpClient.checksum` does. */
  async checksum(
    path: string,
    algorithm: keyof typeof OLDER_CHECKSUMS,
  ): Promise<string | undefined> {
    const features = await this.#requests.control.features();
    const offered = (features.get("HASH") ?? "").toUpperCase().split(";").map((name) =>
      trimBlanks(name)
    );
    const [older, olderLine] = OLDER_CHECKSUMS[algorithm];
    let line: CommandLine;
    if (offered.some((name) => name.replace("*", "") === algorithm)) {
      // The star marks the one in use.
      this.#hash ??= offered.find((name) => name.endsWith("*"))?.slice(0, -1);
      if (this.#hash !== algorithm) await this.#requests.send(command`OPTS HASH ${algorithm}`);
      this.#hash = algorithm;
      line = command`HASH ${path}`;
    } else if (features.has(older)) line = olderLine(path);
    else return undefined;
    const { lines } = await this.#requests.send(line);
    const digits = { "SHA-256": 64, "SHA-1": 40, "MD5": 32 }[algorithm];
    const isHash = (word: string): boolean => word.length === digits && /^[0-9a-f]+$/i.test(word);
    const hash = lines.map((line) => line.validate((text) => text.split(" ").find(isHash)))
      .find((word) => word !== undefined);
    if (hash === undefined) throw this.#requests.malformed(line.verb);
    return hash.toLowerCase();
  }
}

/** Servers take words apart at spaces, unless there are quotes around them. */
function quoted(word: string): string {
  return `"${word.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** The variants of servers, distinguished by their verbs. */
function waysToSetModified(path: string, time: Date): CommandLine[] {
  const digits = formatFtpTime(new Date(Math.floor(time.getTime() / 1000) * 1000));
  return [
    { ...command`MFMT ${digits} ${path}`, verb: "MFMT" },
    { ...command`MDTM ${digits} ${path}`, verb: "MDTM with a time" },
    { ...command`SITE UTIME ${digits} ${path}`, verb: "SITE UTIME" },
  ];
}

/** What asks for both. */
export function sizeAndTime(path: string): CommandLine[] {
  return [command`SIZE ${path}`, command`MDTM ${path}`];
}

/** Reads the replies to {@link sizeAndTime}. */
export function readFacts(replies: readonly Reply[]): FtpFacts {
  const [size, modified] = replies.map(({ code, lines }) => code === 213 ? lines[0] : undefined);
  return {
    size: size?.validate(parseSizeText),
    modified: modified?.validate((text) => parseFtpTime(trimBlanks(text))),
  };
}

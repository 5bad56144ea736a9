/**
 * What all parts of an FTP client ask the server through: one request at a time.
 *
 * @module
 */

import { ProtocolError, ReplyError } from "../../../net/mod.ts";
import { command, type CommandLine, type Reply } from "../../wire/mod.ts";
import type { FtpControl } from "./_control.ts";
import { Transfers } from "./_transfer.ts";

/** One session's requests. */
export class FtpRequests {
  /** The control connection. */
  readonly control: FtpControl;
  /** The data connections. */
  readonly transfers: Transfers;

  constructor(control: FtpControl) {
    this.control = control;
    this.transfers = new Transfers(control);
  }

  /** The server, printed as an endpoint. */
  get peer(): string {
    return this.control.channel.peer;
  }

  /** Whether the session is over. */
  get isClosed(): boolean {
    return this.control.channel.state === "closed";
  }

  /**
   * Makes sure that no transfer is under way.
   * @throws {TypeError} If one is.
   */
  assertIdle(): void {
    if (this.transfers.isBusy) throw new TypeError("a transfer is under way");
  }

  /** Sends any command that needs no data connection, as `FtpClient.send` does. */
  async send(line: CommandLine, accept?: readonly number[]): Promise<Reply> {
    this.assertIdle();
    return await this.control.channel.send(line, accept);
  }

  /** Sends several commands at once, as `FtpClient.pipeline` does. */
  async pipeline(lines: readonly CommandLine[]): Promise<Reply[]> {
    this.assertIdle();
    return await this.control.channel.pipeline(lines);
  }

  /** Sends a command about a file; undefined if there is no such file, or no such command. */
  async ifThere(line: CommandLine): Promise<Reply | undefined> {
    this.assertIdle();
    try {
      return await this.control.optional(line);
    } catch (error) {
      if (error instanceof ReplyError && error.code === 550) return undefined;
      throw error;
    }
  }

  /** Returns the current folder: PWD. */
  async pwd(): Promise<string> {
    const { lines } = await this.send(command`PWD`, [257]);
    const path = lines[0]?.validate((text) =>
      // Some servers leave the quotes out.
      /"((?:[^"]|"")*)"/.exec(text)?.[1] ?? /^ *(\/\S*)/.exec(text)?.[1]
    );
    if (path === undefined) throw this.malformed("PWD");
    return path.replaceAll('""', '"');
  }

  /** Changes the current folder: CWD, or CDUP for `..`. */
  async cd(path: string): Promise<void> {
    await this.send(path === ".." ? command`CDUP` : command`CWD ${path}`);
  }

  /** The error for a reply that makes no sense. */
  malformed(verb: string): ProtocolError {
    return new ProtocolError(`the reply to ${verb} is malformed`, {
      operation: `complete ${verb}`,
      peer: this.peer,
    });
  }
}

/**
 * Makes sure that an offset is one.
 * @throws {RangeError} If it is not.
 */
export function checked<T extends { readonly offset?: number | undefined }>(options: T): T {
  const { offset } = options;
  if (offset !== undefined && !(Number.isSafeInteger(offset) && offset >= 0)) {
    throw new RangeError("offset must be a whole number");
  }
  return options;
}

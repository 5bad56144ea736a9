/**
 * The client's side of FTP.
 *
 * @module
 */

import { closeQuietly } from "../../../net/internal.ts";
import { NetwrightError, type ServerAddress } from "../../../net/mod.ts";
import { command, type CommandLine, type Reply, Secret } from "../../wire/mod.ts";
import { isAnonymous } from "../codec/anonymous.ts";
import { type FtpEntry, type FtpFacts } from "../codec/entry.ts";
import { encodeNvt } from "../codec/text.ts";
import { FtpAttributes } from "./_attributes.ts";
import { FtpControl } from "./_control.ts";
import { pieces } from "./_fetch.ts";
import { emptyFolder, makeFolders } from "./_folders.ts";
import { ftpServer } from "./_server.ts";
import { download } from "./download.ts";
import { FtpListing } from "./_listing.ts";
import { checked, FtpRequests } from "./_requests.ts";
import { copyBetween } from "./_server_copy.ts";
import type {
  CopyOptions,
  DownloadOptions,
  FetchOptions,
  FtpClientOptions,
  FtpListOptions,
  StoreOptions,
} from "./client_options.ts";

/** Longest wait for the reply to QUIT, in milliseconds. */
const QUIT_MS = 2000;

/**
 * Talks to an FTP server; one transfer or command at a time. A refusal is a `ReplyError` and leaves the session
 * usable; what else goes wrong closes it.
 *
 * @example A list and a file
 * ```ts
 * import { FtpClient } from "@netwright/netwright/ftp";
 * async function readme(): Promise<string> {
 *   await using client = await FtpClient.connect("ftp://ftp.example.org/pub");
 *   for await (const { name } of client.list()) console.log(name.forDisplay());
 *   return await new Response(client.fetch("README")).text();
 * }
 * ```
 */
export class FtpClient implements AsyncDisposable {
  readonly #requests: FtpRequests;
  readonly #listing: FtpListing;
  readonly #attributes: FtpAttributes;

  private constructor(control: FtpControl) {
    this.#requests = new FtpRequests(control);
    this.#listing = new FtpListing(this.#requests);
    this.#attributes = new FtpAttributes(this.#requests, this.#listing);
  }

  /**
   * Connects and logs in; with TLS, data is protected too.
   * @param server The server: `host`, `host:port`, a URL such as `ftps://user:password@host/folder`, or an endpoint. The
   *   port is 21 by default, with implicit TLS 990.
   * @param options How to connect, and the user.
   * @returns The client, in the folder that the URL names.
   * @throws {UsageError} If the address is malformed.
   * @throws {ConnectError|TimeoutError} If the server cannot be reached.
   * @throws {TlsError} If TLS could not be agreed on.
   * @throws {ReplyError} If the server refuses us, the login or the folder.
   * @throws {NetwrightError} If a password would go in clear text over a network.
   */
  static async connect(server: ServerAddress, options: FtpClientOptions = {}): Promise<FtpClient> {
    const { options: session, folder } = ftpServer(server, options);
    const client = new FtpClient(await FtpControl.open(session));
    try {
      const { user = "anonymous", password, account } = session;
      const word = password instanceof Secret ? password.reveal() : password;
      await client.login(user, word, account);
      if (folder !== "") await client.cd(folder);
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** The server, printed as an endpoint. */
  get peer(): string {
    return this.#requests.peer;
  }

  /** Whether the session is over. */
  get isClosed(): boolean {
    return this.#requests.isClosed;
  }

  /**
   * Logs in as another user: USER, PASS, ACCT (RFC 959 §4.1.1).
   * @param user The name.
   * @param password The password; anonymous users give something like a mail address.
   * @param account The account, which some servers require as well.
   * @throws {NetwrightError} If a password would go in clear text over a network.
   * @throws {ReplyError} If the server refuses.
   */
  async login(
    user = "anonymous",
    password: string = isAnonymous(user) ? "netwright@" : "",
    account?: string,
  ): Promise<void> {
    this.#requests.assertIdle();
    await this.#requests.control.login(user, password, account);
  }

  /**
   * Returns the server's features: FEAT (RFC 2389), requested once.
   * @returns The features by name in upper case, with their parameters.
   */
  async features(): Promise<ReadonlyMap<string, string>> {
    return await this.#requests.control.features();
  }

  /**
   * Lists a folder: MLSD, or LIST where the server has nothing better. Where MLSD leaves out where links lead, a LIST
   * of the folder follows it.
   * @param path The folder; the current one if empty.
   * @param options A callback for lines that are not understood.
   * @returns Its entries as they come, without `.` and `..`. Leaving early ends the listing.
   * @throws {ReplyError} If the server refuses.
   * @throws {LimitError} If there are too many.
   * @throws {ProtocolError} At the end, if a line was not understood and `onUnknown` is absent: a file that is not in the
   * listing then may well be in the folder.
   */
  async *list(path = "", options: FtpListOptions = {}): AsyncGenerator<FtpEntry> {
    yield* this.#listing.list(path, options);
  }

  /**
   * Returns the server's facts about one file or folder: MLST, else from the listing of its folder.
   * @param path The file.
   * @returns The facts; undefined if there is no such file.
   * @throws {ReplyError} If the server refuses for another reason than that.
   */
  async stat(path: string): Promise<FtpEntry | undefined> {
    return await this.#listing.stat(path);
  }

  /**
   * Fetches a file: RETR (RFC 959 §4.1.3).
   * @param path The file.
   * @param options Where to begin, and whether it is text.
   * @returns Its bytes, in pieces that the caller owns; the transfer begins with the first read. Cancelling the stream,
   *   or leaving a loop over it, ends the transfer (ABOR). It fails with a `ReplyError` if the server refuses or could
   *   not send all of it, with an `UnsupportedError` if the server cannot begin at the offset.
   */
  fetch(path: string, options: FetchOptions = {}): ReadableStream<Uint8Array<ArrayBuffer>> {
    return ReadableStream.from(pieces(this.#requests, this.#attributes, path, options));
  }

  /**
   * Downloads a file into a local one, which is either complete or unchanged: until then its bytes are beside it, in
   * `.NAME.part`, where an interrupted download can be resumed.
   * @param path The remote file.
   * @param file The local file.
   * @param options Whether to resume, at which rate, and a callback for progress.
   * @returns Its size in bytes.
   * @throws {ReplyError} If the server refuses.
   * @throws {DisconnectedError} If the transfer is incomplete.
   * @throws {NetwrightError} If the local file cannot be written.
   *
   * @example With progress
   * ```ts
   * import { FtpClient } from "@netwright/netwright/ftp";
   * async function download(): Promise<void> {
   *   await using client = await FtpClient.connect("ftp://ftp.example.org/pub");
   *   const onProgress = (done: number, total = NaN) => console.log(`${done} of ${total} bytes`);
   *   await client.downloadTo("image.iso", "/tmp/image.iso", { resume: true, onProgress });
   * }
   * ```
   */
  async downloadTo(path: string, file: string, options: DownloadOptions = {}): Promise<number> {
    return await download(this, path, file, options);
  }

  /**
   * Stores a file: STOR, or APPE.
   * @param path The file.
   * @param content Pieces; if they throw, the transfer is aborted, and the server notified.
   * @param options Where to begin, and whether it is text.
   * @throws {ReplyError} If the server refuses, or could not keep all of it.
   * @throws {UnsupportedError} If an offset is given and the server cannot resume.
   */
  async store(
    path: string,
    content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options: StoreOptions = {},
  ): Promise<void> {
    this.#requests.assertIdle();
    const { offset, text = false, append = false } = checked(options);
    if (append && offset !== undefined) throw new RangeError("to append knows no offset");
    const line = append ? command`APPE ${path}` : command`STOR ${path}`;
    await this.#requests.transfers.store(
      { line, offset, type: text ? "A" : "I" },
      text ? encodeNvt(content) : content,
    );
  }

  /**
   * Copies a file directly to another server (FXP): the progress is unknown, and most servers refuse it.
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
    if (target === this) throw new TypeError("a copy requires two sessions");
    using _source = this.#requests.transfers.reserve();
    using _target = target.#requests.transfers.reserve();
    await copyBetween(
      this.#requests.control,
      from,
      target.#requests.control,
      to,
      options.timeoutMs,
    );
  }

  /** Returns the current folder: PWD. */
  async pwd(): Promise<string> {
    return await this.#requests.pwd();
  }

  /** Changes the current folder: CWD, or CDUP for `..`. */
  async cd(path: string): Promise<void> {
    await this.#requests.cd(path);
  }

  /** Renames: RNFR and RNTO. The server decides whether an existing file of the new name is replaced. */
  async rename(from: string, to: string): Promise<void> {
    const next = command`RNTO ${to}`;
    await this.#requests.send(command`RNFR ${from}`, [350]);
    await this.#requests.send(next);
  }

  /** Removes a file: DELE. */
  async remove(path: string): Promise<void> {
    await this.#requests.send(command`DELE ${path}`);
  }

  /**
   * Removes a folder: RMD.
   * @param path The folder.
   * @param options With `recursive` all that is in it as well; links are removed and not followed.
   */
  async removeFolder(path: string, options: { readonly recursive?: boolean } = {}): Promise<void> {
    if (options.recursive === true) await emptyFolder(this, path);
    await this.#requests.send(command`RMD ${path}`);
  }

  /**
   * Makes a folder: MKD.
   * @param path The folder.
   * @param options With `parents` the folders above it too, and an existing one is not an error.
   */
  async makeFolder(path: string, options: { readonly parents?: boolean } = {}): Promise<void> {
    if (options.parents !== true) return void await this.#requests.send(command`MKD ${path}`);
    await makeFolders(this.#requests, this.#listing, path);
  }

  /** Changes permission bits: SITE CHMOD. */
  async chmod(path: string, mode: number): Promise<void> {
    if (!(mode >= 0 && mode <= 0o7777)) throw new RangeError("mode must be 0 to 0o7777");
    await this.#requests.send(command`SITE CHMOD ${mode.toString(8).padStart(3, "0")} ${path}`);
  }

  /**
   * Makes a symbolic link, in place of a link that is there: SITE SYMLINK, which few servers have.
   * @param path The link.
   * @param target The target of the link.
   * @throws {UnsupportedError} If the server has no such command.
   */
  async makeLink(path: string, target: string): Promise<void> {
    await this.#attributes.makeLink(path, target);
  }

  /**
   * Returns the size of a file in bytes: SIZE (RFC 3659 §4).
   * @returns Undefined if there is no such file, or the server does not know.
   */
  async size(path: string): Promise<number | undefined> {
    return await this.#attributes.size(path);
  }

  /**
   * Size and exact time of a file's content in one round trip: SIZE and MDTM, which follow symbolic links, else MLST,
   * which some servers answer with facts of the link itself.
   * @param path The file.
   * @returns The facts; nothing if there is no such file.
   */
  async facts(path: string): Promise<FtpFacts> {
    return await this.#attributes.facts(path);
  }

  /**
   * Returns when a file was changed: MDTM (RFC 3659 §3).
   * @returns Undefined if there is no such file, or the server does not know.
   */
  async modified(path: string): Promise<Date | undefined> {
    return await this.#attributes.modified(path);
  }

  /**
   * The command by which {@link setModified} would do it, for {@link pipeline}.
   * @param path The file.
   * @param time The time; servers keep whole seconds.
   * @returns Undefined until it is known that the server has it.
   */
  async setModifiedCommand(path: string, time: Date): Promise<CommandLine | undefined> {
    return await this.#attributes.setModifiedCommand(path, time);
  }

  /**
   * Sets when a file was changed: MFMT, MDTM with a time, or SITE UTIME, whichever the server has.
   * @param path The file.
   * @param time The time; servers keep whole seconds.
   * @throws {UnsupportedError} If the server has none of them.
   */
  async setModified(path: string, time: Date): Promise<void> {
    await this.#attributes.setModified(path, time);
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
    return await this.#attributes.checksum(path, algorithm);
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
    return await this.#requests.send(line, accept);
  }

  /** Sends several commands at once and reads their replies in order, good or bad. */
  async pipeline(lines: readonly CommandLine[]): Promise<Reply[]> {
    return await this.#requests.pipeline(lines);
  }

  /** Nothing, but the session stays awake: NOOP. */
  async noop(): Promise<void> {
    await this.#requests.send(command`NOOP`);
  }

  /** Ends the session politely: QUIT. */
  async quit(): Promise<void> {
    const timer = setTimeout(() => this.close(), QUIT_MS);
    try {
      const { channel } = this.#requests.control;
      const isIdle = channel.state === "ready" && !this.#requests.transfers.isBusy;
      if (isIdle) await this.#requests.send(command`QUIT`);
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
    closeQuietly(this.#requests.control.channel);
  }

  /** Ends the session politely. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.quit();
  }
}

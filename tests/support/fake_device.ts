/**
 * A machine with a command line, in memory: it echoes, asks for logins, turns pages, and has the habits of real ones.
 *
 * @module
 */

import { type Connection, memoryNetwork, writeAll } from "../../src/net/mod.ts";

/** The habits of a device. */
export interface FakeDevice {
  /** Shown at the beginning. */
  readonly greeting?: string;
  /** The user that may log in; it asks for no login if absent. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Questions of the login. */
  readonly questions?: { readonly user: string; readonly password: string };
  /** Shown behind the login. */
  readonly banner?: string;
  /** The prompt; counts the commands. */
  readonly prompt: string | ((count: number) => string);
  /** Its echo. @default {"characters"} */
  readonly echo?: "characters" | "repaint" | "none";
  /** The output of a command, with CR LF; undefined ends the session. */
  readonly run?: (command: string) => string | undefined;
  /** Lines of a page; pages end with `--More--`. */
  readonly pageRows?: number;
  /** The end of a page. @default {" --More-- "} */
  readonly pageEnd?: string;
  /** How the end of a page is taken away. @default {"\r          \r"} */
  readonly pageErased?: string;
  /** Whether each byte is sent by itself. */
  readonly isSlow?: boolean;
}

/** A session with a device. */
export interface DeviceSession {
  /** The client's end. */
  readonly connection: Connection;
  /** Lines that were typed, secrets too. */
  readonly lines: string[];
  /** Sends text by itself. */
  say(text: string): Promise<void>;
}

/**
 * Connects with a device.
 *
 * @param device Its habits.
 * @returns The session.
 */
export async function connectDevice(device: FakeDevice): Promise<DeviceSession> {
  const network = memoryNetwork();
  using listener = network.listen({ port: 23 });
  const [far, connection] = await Promise.all([listener.accept(), network.connect({ port: 23 })]);
  return { connection, ...startDevice(device, far) };
}

/**
 * Talks as a device.
 *
 * @param device Its habits.
 * @param far Its end of a connection; closed at the end.
 * @returns The session.
 */
export function startDevice(
  device: FakeDevice,
  far: Connection,
): Omit<DeviceSession, "connection"> {
  const lines: string[] = [];
  const say = async (text: string): Promise<void> => {
    const bytes = new TextEncoder().encode(text);
    if (device.isSlow !== true) return await writeAll(far, bytes);
    for (const byte of bytes) {
      await writeAll(far, Uint8Array.of(byte));
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
  // A client may close its end at any time.
  new Device(device, far, lines, say).talk().catch(() => {}).finally(() => far.close());
  return { lines, say };
}

class Device {
  readonly #device: FakeDevice;
  readonly #connection: Connection;
  readonly #lines: string[];
  readonly #say: (text: string) => Promise<void>;
  #typed: string[] = [];
  #count = 0;

  constructor(
    device: FakeDevice,
    connection: Connection,
    lines: string[],
    say: (text: string) => Promise<void>,
  ) {
    this.#device = device;
    this.#connection = connection;
    this.#lines = lines;
    this.#say = say;
  }

  async talk(): Promise<void> {
    const { greeting = "", login, banner = "", questions, run = () => "" } = this.#device;
    await this.#say(greeting);
    while (login !== undefined) {
      await this.#say(questions?.user ?? "login: ");
      const user = await this.#line(true);
      await this.#say(questions?.password ?? "Password: ");
      const password = await this.#line(false);
      if (user === login.user && password === login.password) break;
      await this.#say("Login incorrect\r\n\r\n");
    }
    await this.#say(banner);
    while (true) {
      await this.#say(this.#prompt());
      const command = await this.#line(true);
      this.#count++;
      const output = command.trim() === "" ? "" : run(command);
      if (output === undefined) return;
      await this.#show(output);
    }
  }

  #prompt(): string {
    const { prompt } = this.#device;
    return typeof prompt === "string" ? prompt : prompt(this.#count);
  }

  /** Shows output, page by page. */
  async #show(output: string): Promise<void> {
    const { pageRows = Infinity, pageEnd = " --More-- ", pageErased = "\r          \r" } =
      this.#device;
    const lines = output.split(/(?<=\n)/);
    for (let at = 0; at < lines.length; at += pageRows) {
      if (at > 0) {
        await this.#say(pageEnd);
        await this.#key();
        await this.#say(pageErased);
      }
      await this.#say(lines.slice(at, at + pageRows).join(""));
    }
  }

  async #key(): Promise<string> {
    while (this.#typed.length === 0) {
      const buffer = new Uint8Array(1000);
      const count = await this.#connection.read(buffer);
      if (count === null) throw new Error("the client has gone");
      this.#typed.push(...new TextDecoder().decode(buffer.subarray(0, count)));
    }
    return this.#typed.shift()!;
  }

  async #line(isShown: boolean): Promise<string> {
    const { echo = "characters" } = this.#device;
    let line = "";
    while (true) {
      const key = await this.#key();
      if (key === "\n") continue;
      if (key === "\r") break;
      line += key;
      if (!isShown || echo === "none") continue;
      await this.#say(echo === "characters" ? key : `\r\x1b[K${this.#prompt()}${line}`);
    }
    this.#lines.push(line);
    if (echo !== "none" || !isShown) await this.#say("\r\n");
    return line;
  }
}

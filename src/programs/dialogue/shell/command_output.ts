/**
 * The output of one command, without the line that echoes the command itself.
 *
 * @module
 */

/** The command as its terminal may show it. */
export interface CommandEcho {
  /** The command. */
  readonly command: string;
  /** The prompt before it. */
  readonly prompt: string;
}

/** Lines in which the echo may come: messages of a device may come before it. */
const MAX_LINES = 5;

/** Passes on output. */
export class CommandOutput {
  readonly #echo: CommandEcho;
  readonly #onOutput: (text: string) => void | Promise<void>;
  /** An unfinished line that may be the echo; undefined once it was found, or cannot come any more. */
  #line: string | undefined;
  #count = 0;

  /**
   * @param echo The command; undefined if the terminal does not echo.
   * @param onOutput Receives the output, in order.
   */
  constructor(echo: CommandEcho | undefined, onOutput: (text: string) => void | Promise<void>) {
    this.#echo = echo ?? { command: "", prompt: "" };
    this.#onOutput = onOutput;
    this.#line = echo === undefined ? undefined : "";
  }

  /** Takes the next text. */
  async add(text: string): Promise<void> {
    let rest = text;
    let out = "";
    while (this.#line !== undefined) {
      const end = rest.indexOf("\n");
      if (end < 0) {
        this.#line += rest;
        rest = "";
        break;
      }
      const line = this.#line + rest.slice(0, end);
      rest = rest.slice(end + 1);
      const isEcho = this.#isEcho(line);
      if (!isEcho) out += `${line}\n`;
      this.#line = isEcho || ++this.#count >= MAX_LINES ? undefined : "";
    }
    if (out + rest !== "") await this.#onOutput(out + rest);
  }

  /** Takes the end: an unfinished line is output, unless it is the echo. */
  async end(): Promise<void> {
    const line = this.#line ?? "";
    this.#line = undefined;
    if (line !== "" && !this.#isEcho(line)) await this.#onOutput(line);
  }

  /** The first line may be the command alone; behind other lines only prompt and command are one. */
  #isEcho(line: string): boolean {
    const { command, prompt } = this.#echo;
    const shown = line.trimEnd();
    return shown === (prompt + command).trimEnd() ||
      this.#count === 0 && shown === command.trimEnd();
  }
}

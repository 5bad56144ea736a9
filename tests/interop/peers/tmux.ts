/** A terminal that a test types on and looks at. */

import { ROOT } from "../../support/netwright.ts";

/** Longest wait for something on the screen, in milliseconds. */
const WAIT_MS = 20_000;

/** A shell in a terminal of its own. */
export class Terminal implements AsyncDisposable {
  readonly #socket = `netwright-${crypto.randomUUID()}`;

  /** Starts it. */
  static async open(): Promise<Terminal> {
    const terminal = new Terminal();
    const shell = ["env", "PS1=$ ", "HISTFILE=", "NO_COLOR=1", "sh"];
    await terminal.#tmux("new-session", "-d", "-x", "100", "-y", "30", "-c", ROOT, ...shell);
    await terminal.until(/\$$/);
    return terminal;
  }

  /** Types text unchanged. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", text);
  }

  /** Presses keys by tmux's names, such as `Enter` or `C-d`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  /** Changes the size of the window. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  /** The content of the screen, without the empty lines below. */
  async screen(): Promise<string> {
    return (await this.#tmux("capture-pane", "-p")).trimEnd();
  }

  /** Waits until the screen shows something; gives the whole screen. */
  async until(requested: RegExp): Promise<string> {
    const end = performance.now() + WAIT_MS;
    while (true) {
      const shown = await this.screen();
      if (requested.test(shown)) return shown;
      if (performance.now() > end) throw new Error(`no ${requested} on the screen:\n${shown}`);
    }
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-L", this.#socket, "-f", "/dev/null", ...args],
    }).output();
    if (success) return new TextDecoder().decode(stdout);
    throw new Error(`tmux ${args[0]}: ${new TextDecoder().decode(stderr)}`);
  }

  /** Ends it and what runs in it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server");
  }
}

/**
 * What a server can read again while it runs.
 *
 * @module
 */

import { UnsupportedError } from "../net/mod.ts";
import { type Log, tellError } from "./_log.ts";
import type { ServeOptions } from "./server.ts";

/** The service and the certificate that new conversations get. */
export class Configuration<S> {
  #service: S;
  #tls: ServeOptions["tls"];
  readonly #reload: ServeOptions<S>["reload"];
  readonly #log: Log;

  /**
   * @param service What is said at first.
   * @param options The certificate, and what reads both again.
   * @param log Told how that went.
   */
  constructor(service: S, options: Pick<ServeOptions<S>, "tls" | "reload">, log: Log) {
    this.#service = service;
    this.#tls = options.tls;
    this.#reload = options.reload;
    this.#log = log;
  }

  /** What is said. */
  get service(): S {
    return this.#service;
  }

  /** The certificate. */
  get tls(): ServeOptions["tls"] {
    return this.#tls;
  }

  /**
   * Reads both again; conversations under way keep what they have.
   * @throws {UnsupportedError} If nothing was given to read them by.
   * @throws What reading throws; the server goes on with what it has.
   */
  async reload(): Promise<void> {
    if (this.#reload === undefined) {
      throw new UnsupportedError("this server has no configuration to read again", {
        operation: "reload",
      });
    }
    try {
      const { service, tls } = await this.#reload();
      this.#service = service;
      this.#tls = tls;
      this.#log({ kind: "reloaded", text: "" });
    } catch (error) {
      this.#log({ kind: "failed", text: `reload: ${tellError(error)}` });
      throw error;
    }
  }
}

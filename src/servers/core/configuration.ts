/**
 * What a server can read again while it runs.
 *
 * @module
 */

import { checkServerCredentials } from "../../net/internal.ts";
import { UnsupportedError } from "../../net/mod.ts";
import { type Log, tellError } from "./log.ts";
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
   * @throws {UsageError} If certificate and key cannot be used.
   * @throws {UnsupportedError} If this runtime cannot serve TLS.
   */
  constructor(service: S, options: Pick<ServeOptions<S>, "tls" | "reload">, log: Log) {
    this.#service = service;
    this.#reload = options.reload;
    this.#log = log;
    this.#tls = checkTls(options.tls, log);
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
      this.#tls = checkTls(tls, this.#log);
      this.#service = service;
      this.#log({ kind: "reloaded", text: "" });
    } catch (error) {
      this.#log({ kind: "failed", text: `reload: ${tellError(error)}` });
      throw error;
    }
  }
}

/**
 * Validates certificate and key before any client can meet them.
 *
 * @param tls Certificate and key, if there are any.
 * @param log Receives a warning for a certificate that has expired.
 * @returns The same.
 * @throws {UsageError} If they cannot be used.
 * @throws {UnsupportedError} If this runtime cannot serve TLS.
 */
export function checkTls(tls: ServeOptions["tls"], log: Log): ServeOptions["tls"] {
  if (tls === undefined) return undefined;
  for (const text of checkServerCredentials(tls)) log({ kind: "warning", text });
  return tls;
}

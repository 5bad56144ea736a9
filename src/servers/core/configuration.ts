/**
 * The parts of a server that can be reloaded while it runs.
 *
 * @module
 */

import { checkServerCredentials } from "../../net/internal.ts";
import { escapeControls, NetwrightError, UnsupportedError } from "../../net/mod.ts";
import { type Log, reportError } from "./log.ts";
import type { ServeOptions } from "./server.ts";

/** The service and the certificate that new conversations get. */
export class Configuration<S> {
  #service: S;
  #tls: ServeOptions["tls"];
  readonly #reload: ServeOptions<S>["reload"];
  readonly #log: Log;

  /**
   * @param service The service to begin with.
   * @param options The certificate, and what reads both again.
   * @param log Receives the results of reloads.
   * @throws {UsageError} If certificate and key cannot be used.
   * @throws {UnsupportedError} If this runtime cannot serve TLS.
   */
  constructor(service: S, options: Pick<ServeOptions<S>, "tls" | "reload">, log: Log) {
    this.#service = service;
    this.#reload = options.reload;
    this.#log = log;
    this.#tls = checkTls(options.tls, log);
  }

  /** The service. */
  get service(): S {
    return this.#service;
  }

  /** The certificate. */
  get tls(): ServeOptions["tls"] {
    return this.#tls;
  }

  /**
   * Reads both again; open conversations keep the old ones.
   * @throws {UnsupportedError} If nothing was given to read them by.
   * @throws The error of reading; the server continues with the old ones.
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
      const before = this.#service;
      this.#service = service;
      this.#log({ kind: "reloaded", text: "" });
      await this.#endService(before);
    } catch (error) {
      this.#log({ kind: "failed", text: `reload: ${fileOf(error)}${reportError(error)}` });
      throw error;
    }
  }

  /** Ends the service when the server has ended. */
  async end(): Promise<void> {
    await this.#endService(this.#service);
  }

  async #endService(service: S): Promise<void> {
    try {
      // The service of a pool is a name, which has nothing to end.
      await (service as { readonly end?: () => Promise<void> }).end?.();
    } catch (error) {
      this.#log({ kind: "failed", text: reportError(error), error });
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

/** The file that an error is about, for the log. */
function fileOf(error: unknown): string {
  const peer = error instanceof NetwrightError ? error.peer : undefined;
  return peer === undefined ? "" : `${escapeControls(peer, { maxLength: 200 })}: `;
}

/**
 * What a server answers when a request is none.
 *
 * @module
 */

import { ProtocolError } from "../../../net/mod.ts";

/** A request that breaks HTTP, or a limit; `status` is what the client is told. */
export class HttpError extends ProtocolError {
  /** The status code of the answer, from 400 to 599. */
  readonly status: number;

  /**
   * Describes the request's fault.
   * @param status The status code.
   * @param reason What is wrong, without anything that the client sent.
   * @param cause What the server did wrong, if it was not the client.
   */
  constructor(status: number, reason: string, cause?: unknown) {
    super(reason, { operation: "answer a request", cause });
    this.status = status;
  }
}

/**
 * The response to a malformed request.
 *
 * @module
 */

import { ProtocolError } from "../../../net/mod.ts";

/** A request that breaks HTTP, or a limit; `status` is the code of the response. */
export class HttpError extends ProtocolError {
  /** The status code of the answer, from 400 to 599. */
  readonly status: number;

  /**
   * Describes the request's fault.
   * @param status The status code.
   * @param reason The fault, without any text of the client.
   * @param cause The fault of the server, if it was not the client's.
   */
  constructor(status: number, reason: string, cause?: unknown) {
    super(reason, { operation: "answer a request", cause });
    this.status = status;
  }
}

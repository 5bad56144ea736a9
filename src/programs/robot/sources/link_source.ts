/**
 * Where the resources of one kind of URL are found.
 *
 * @module
 */

import type { CrawlMode } from "../../../stores/internal.ts";
import type { ReadDocument } from "./document.ts";
import type { Judgement } from "./outcome.ts";

/** A request for a resource. */
export interface ResourceRequest {
  /** The URL. */
  readonly url: URL;
  /** Whether it is read, or it is only checked that it is there. */
  readonly mode: CrawlMode;
  /** Validators of the last crawl. */
  readonly etag?: string | undefined;
  readonly modified?: string | undefined;
  /** Waits for the host's turn, before each further request for the same resource. */
  readonly turn: () => Promise<void>;
  /** Aborting it gives up. */
  readonly signal: AbortSignal;
}

/** What became of a request. */
export interface ResourceResult extends Judgement {
  /** The status code. */
  readonly status?: number | undefined;
  /** Media type. */
  readonly type?: string | undefined;
  /** Size in bytes. */
  readonly bytes?: number | undefined;
  /** Time to the beginning of the response, in milliseconds. */
  readonly ms?: number | undefined;
  /** Validators. */
  readonly etag?: string | undefined;
  readonly modified?: string | undefined;
  /** Where it redirects to. */
  readonly location?: URL | undefined;
  /** Whether the redirect is for good. */
  readonly isPermanent?: boolean | undefined;
  /** The document, if it was read. */
  readonly document?: ReadDocument | undefined;
  /** Why a document was not read although it is there. */
  readonly unread?: string | undefined;
  /** Pause that the server requested, in milliseconds. */
  readonly pauseMs?: number | undefined;
  /** Whether another attempt may help. */
  readonly mayPass?: boolean | undefined;
  /** Whether no connection could be made, and whether that is final. */
  readonly missed?: "once" | "for good" | undefined;
  /** When the server's certificate ends. */
  readonly certificateUntil?: Date | undefined;
}

/** Checks and reads resources of one kind of URL. */
export interface LinkSource {
  /**
   * Requests a resource. Failures are results.
   * @param request Which, and how.
   * @returns What became of it.
   */
  request(request: ResourceRequest): Promise<ResourceResult>;
}

/**
 * The configuration of a site.
 *
 * @module
 */

import type { StoredUser } from "../../stores/mod.ts";
import type { AccessLogFormat } from "./access_log.ts";

/** The files, and the access to them. */
export interface HttpConfiguration {
  /** The folder. */
  readonly root: string;
  /** Bytes that are served instead of a folder, to measure with. */
  readonly sampleBytes: number | undefined;
  /** Whether folders without an index are listed. */
  readonly listing: boolean;
  /** Whether pages that are not there are `/index.html`. */
  readonly singlePage: boolean;
  /** Fields of all answers. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Whose scripts may read the answers. */
  readonly cors: string | undefined;
  /** Who may see the site; everybody if absent. */
  readonly users: Readonly<Record<string, StoredUser>> | undefined;
  /** Where requests are noted, and how. */
  readonly accessLog: { readonly path: string; readonly format: AccessLogFormat } | undefined;
}

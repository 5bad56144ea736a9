/**
 * The plan of the robot: data that is posted to the sandbox.
 *
 * @module
 */

import type { Capabilities, HostEndpoint } from "../../net/mod.ts";
import type { HttpPlan, WebTarget } from "../http/options.ts";

/** A local folder to begin with. */
export interface FolderStart {
  /** The host that stands for it in URLs. */
  readonly host: string;
  /** The folder, as given by the user. */
  readonly folder: string;
  /** Its path in URLs. */
  readonly path: readonly string[];
  /** The only document to begin with; all of the folder if absent. */
  readonly file: string | undefined;
}

/** A report that is written into a folder that is checked. */
export interface ReportInFolder {
  /** The file, as given by the user. */
  readonly file: string;
  /** The host that stands for the folder in URLs. */
  readonly host: string;
  /** Its path in the folder. */
  readonly path: readonly string[];
}

/** The parsed command line. */
export interface RobotPlan {
  /** How servers are asked. */
  readonly http: HttpPlan;
  /** What all of it needs. */
  readonly needs: Capabilities;
  /** Resources of the Web to begin with. */
  readonly targets: readonly WebTarget[];
  /** Local folders to begin with. */
  readonly folders: readonly FolderStart[];
  /** Path of the working folder in URLs. */
  readonly working: readonly string[];
  /** Further hosts whose pages are read. */
  readonly hosts: readonly string[];
  /** Paths below which pages are read. */
  readonly paths: readonly string[];
  /** Patterns of pages that are read, and that are only checked. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Patterns of URLs that are left out. */
  readonly ignore: readonly string[];
  /** Parameters of URLs that do not count. */
  readonly ignoredParameters: readonly string[];
  /** Maximum number of links from the start. */
  readonly maxDepth: number;
  /** Whether links to other hosts are checked. */
  readonly external: boolean;
  /** Whether `robots.txt` counts. */
  readonly obeysRobots: boolean;
  /** Requests at once, in all and for one host. */
  readonly total: number;
  readonly perHost: number;
  /** Time between requests to a host, in milliseconds; by the host if absent. */
  readonly delayMs: number | undefined;
  /** How often a request is tried again. */
  readonly retries: number;
  /** Maximum time for one resource, and that a server may ask to wait, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxPauseMs: number;
  /** Maximum number of URLs, and size of a page in bytes. */
  readonly maxUrls: number;
  readonly maxBytes: number;
  /** Time from which a page is slow, in milliseconds. */
  readonly slowMs: number;
  /** Endings that are tried in folders. */
  readonly extensions: readonly string[];
  /** The server for `news:` links. */
  readonly newsServer: HostEndpoint | undefined;
  /** Who runs the robot. */
  readonly from: string | undefined;
  /** Files. */
  readonly state: string | undefined;
  readonly html: string | undefined;
  readonly junit: string | undefined;
  readonly baseline: string | undefined;
  readonly writeBaseline: string | undefined;
  /** Whether the baseline is written again, and need not be there the first time. */
  readonly rewritesBaseline: boolean;
  /** Those reports that are written into folders that are checked. */
  readonly reportsInFolders: readonly ReportInFolder[];
  /** Severities that fail, and the output. */
  readonly strict: boolean;
  readonly notes: boolean;
  readonly onlyChanged: boolean;
}

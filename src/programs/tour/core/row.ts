/**
 * A row of the tour: one program, run for real on this machine. Each file of `rows/` that does not begin
 * with an underscore exports one as `row`.
 *
 * @module
 */

import type { Capabilities, Network } from "../../../net/mod.ts";
import type { Broker } from "../../../servers/mod.ts";
import type { Service, ServiceOptions } from "../../../services/mod.ts";

/** A command's output, and its exit status. */
export interface CommandResult {
  /** Exit status. */
  readonly status: number;
  /** Standard output as text. */
  readonly stdout: string;
  /** Standard error as text. */
  readonly stderr: string;
}

/** The means of a row. */
export interface TourContext {
  /** A network of loopback addresses. */
  readonly network: Network;
  /** The capabilities of the tour. */
  readonly capabilities: Capabilities;
  /** Starts workers. */
  readonly broker: Broker;
  /** Aborts when the row takes too long. */
  readonly signal: AbortSignal;
  /**
   * Starts one of our services on a free loopback port; it ends with the row.
   * @param name The service's name.
   * @param options The service's options, and whether it serves datagrams.
   * @returns Where it listens, printed as an endpoint.
   */
  serve(
    name: string,
    options?: { readonly udp?: boolean; readonly service?: ServiceOptions },
  ): Promise<string>;
  /** Serves connections with a function of the row; returns where, printed. */
  serveStream(handle: StreamHandler): Promise<string>;
  /**
   * Runs a command of this program, as a user would, inside the capabilities it works out.
   * @param words The command line.
   * @param stdin Its standard input; empty if absent.
   */
  command(words: readonly string[], stdin?: string): Promise<CommandResult>;
}

/** Talks to one client of a row's own server. */
export type StreamHandler = Service["handle"];

/** One program of the tour. */
export interface TourRow {
  /** The id of the program in the book's list, such as `3.3`; several rows may share one. */
  readonly id: string;
  /** The program's name. */
  readonly program: string;
  /** A few words about the check. */
  readonly checked: string;
  /** The capabilities of the row beyond the loopback network. */
  readonly needs?: Capabilities;
  /** Whether the row starts workers by the broker. */
  readonly startsWorkers?: boolean;
  /** The services that those workers serve, on sockets that the launcher opens. */
  readonly serves?: readonly string[];
  /**
   * Runs the program and checks its result.
   * @returns A remark for the table, such as why only a part could be checked.
   * @throws If the check failed.
   */
  run(tour: TourContext): Promise<string | void>;
}

/** A row as the table of all rows knows it, before its module is loaded. */
export interface TourEntry {
  /** As in {@link TourRow}. */
  readonly id: string;
  /** As in {@link TourRow}. */
  readonly program: string;
  /** Loads its module. */
  readonly load: () => Promise<TourRow>;
}

/**
 * Requests that a command may make of its launcher: workers of a server, and symbolic links, which the runtime
 * grants to no code that may write into one folder only.
 *
 * @module
 */

import { union } from "../../net/internal.ts";
import type { Capabilities, Reader, Writer } from "../../net/mod.ts";
import type { Broker } from "../../servers/mod.ts";

/** A link in a tree of files. */
export interface LinkOrder {
  /** The folder that holds the tree, as declared. */
  readonly root: string;
  /** Where the link will be in it. */
  readonly path: readonly string[];
  /** Its target, inside the tree. */
  readonly target: string;
}

/** A program to start on a terminal of its own. */
export interface TerminalOrder {
  /** The program and its arguments, as declared. */
  readonly argv: readonly string[];
  /** Characters of a line of the terminal. */
  readonly columns: number;
  /** Its lines. */
  readonly rows: number;
}

/** A running program, and the other end of its terminal; disposing of it ends the program at once. */
export interface BrokeredTerminal extends Reader, Writer, Disposable {
  /** Resolves to the program's exit status. */
  readonly ended: Promise<number>;
  /** Returns whether the terminal does not echo input now. */
  isEchoOff(): Promise<boolean>;
  /** Hangs up, and resolves when the program has ended; one that stays is killed. */
  end(): Promise<void>;
}

/** What a process does as a daemon. */
export interface DaemonDuties {
  /** Whether it runs in the background. */
  readonly isDaemon: boolean;
  /** The file with its number. */
  readonly pidFile: string | undefined;
  /** Who it becomes once it listens. */
  readonly user: string | undefined;
  readonly group: string | undefined;
  /** The folder that becomes its root then. */
  readonly chroot: string | undefined;
  /** Permission bits that new files do not get. */
  readonly umask: number | undefined;
}

/** How a server is. */
export type ServerState = "ready" | "reloading" | "stopping" | "alive";

/** All states. */
export const SERVER_STATES: readonly ServerState[] = ["ready", "reloading", "stopping", "alive"];

/** A datagram to a UNIX socket of the system. */
export interface DatagramOrder {
  /** The socket, as declared. */
  readonly path: string;
  /** What is sent. */
  readonly bytes: Uint8Array;
}

/** Does what commands ask for. */
export interface CommandBroker extends Broker {
  /**
   * Makes a symbolic link, in place of a file or link that is there.
   * @throws {CapabilityError} If the folder was not declared, or the launcher itself may not.
   * @throws {InjectionError} If the link would lead outside, or is outside.
   */
  makeLink(order: LinkOrder): Promise<void>;
  /**
   * Starts a program on a terminal of its own.
   * @throws {CapabilityError} If the program was not declared, or the launcher itself may not run it.
   * @throws {NetwrightError} If there is no such program.
   * @throws {UnsupportedError} If this is not Linux.
   */
  startOnTerminal(order: TerminalOrder): Promise<BrokeredTerminal>;
  /**
   * Sends a datagram to a UNIX socket in a folder of devices, such as `/dev/log`: the runtime keeps them from all code
   * that has not every permission.
   * @throws {CapabilityError} If the socket was not declared.
   * @throws {NetwrightError} If it cannot be sent.
   */
  sendDatagram(order: DatagramOrder): Promise<void>;
  /**
   * Gives up root's power, as declared, once everything is open that needs it.
   * @throws {NetwrightError} If the system does not permit it; the command must end.
   */
  dropPrivileges(): Promise<void>;
  /**
   * Reports how a server is to who started it: a process that waits until it is in the background, or systemd (`sd_notify`).
   * @param state How it is.
   * @returns How often it is to be reported alive, in milliseconds; 0 if that is not wanted.
   */
  notify(state: ServerState): Promise<number>;
}

/** Requests that a command may make of its launcher. */
export interface BrokerManifest {
  /** Permissions that the launcher needs for its own calls. Workers never get them. */
  readonly launcher: Capabilities;
  /** Permissions that workers may have beyond those of the command. */
  readonly workers: Capabilities;
  /** Where listening sockets may be opened. */
  readonly listen: readonly string[];
  /** The services that workers may serve. */
  readonly services: readonly string[];
  /** Folders in which symbolic links may be made. */
  readonly links?: readonly string[];
  /** UNIX sockets that datagrams may be sent to. */
  readonly datagramSockets?: readonly string[];
  /** What it does as a daemon. */
  readonly duties?: DaemonDuties | undefined;
  /** Programs, with all arguments, that may be started on terminals. */
  readonly programs?: readonly (readonly string[])[];
}

/** A command that asks for nothing. */
export const NO_BROKER: BrokerManifest = {
  launcher: {},
  workers: {},
  listen: [],
  services: [],
};

/**
 * Joins the requests of two parts of a command.
 *
 * @param one The requests of one.
 * @param other Those of the other.
 * @returns Both.
 */
export function bothBrokers(one: BrokerManifest, other: BrokerManifest): BrokerManifest {
  return {
    launcher: union(one.launcher, other.launcher),
    workers: union(one.workers, other.workers),
    listen: [...one.listen, ...other.listen],
    services: [...one.services, ...other.services],
    links: [...one.links ?? [], ...other.links ?? []],
    programs: [...one.programs ?? [], ...other.programs ?? []],
    duties: one.duties ?? other.duties,
    datagramSockets: [...one.datagramSockets ?? [], ...other.datagramSockets ?? []],
  };
}

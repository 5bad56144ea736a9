/**
 * The duties of a daemon: its PID file, its user, its root folder.
 *
 * @module
 */

import { LIBC_PATHS, union } from "../../net/internal.ts";
import { type Capabilities, UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import { type BrokerManifest, type DaemonDuties, NO_BROKER } from "../command/broker.ts";
import type { OptionSpecs } from "../command/option_spec.ts";

/** Servers have these. */
export const DUTY_OPTIONS: OptionSpecs = {
  daemon: { rare: true, help: "run in the background; the log goes to --log" },
  debug: { rare: true, help: "stay in the foreground in spite of --daemon" },
  "pid-file": { value: "FILE", rare: true, help: "write the number of the process there" },
  user: { value: "USER", rare: true, help: "become this user after listening, for good" },
  group: { value: "GROUP", rare: true, help: "become this group (default the user's)" },
  chroot: { value: "DIR", rare: true, help: "make this folder the root after listening" },
  unit: { rare: true, help: "print a unit file of systemd for this server, and end" },
  umask: { value: "MASK", rare: true, help: "permission bits that new files do not get" },
};

/**
 * Reads the duties.
 *
 * @param args The command line.
 * @returns The duties; undefined if there are none.
 * @throws {UsageError} If they make no sense.
 */
export function dutiesOf(args: Arguments): DaemonDuties | undefined {
  const names = Object.keys(DUTY_OPTIONS).filter((name) => name !== "unit" && args.has(name));
  if (names.length === 0) return undefined;
  const mask = args.value("umask");
  if (mask !== undefined && !/^0?[0-7]{3}$/.test(mask)) {
    throw new UsageError("--umask takes three octal digits, such as 027");
  }
  const isDaemon = args.has("daemon") && !args.has("debug");
  if (isDaemon && !args.has("log")) {
    throw new UsageError("--daemon requires --log: it has no standard error");
  }
  const [user, group, chroot, pidFile] = ["user", "group", "chroot", "pid-file"].map((name) => {
    const value = args.value(name);
    if (value === "") throw new UsageError(`--${name} is empty`);
    return value;
  });
  return {
    isDaemon,
    pidFile,
    user,
    group,
    chroot,
    umask: mask === undefined ? undefined : parseInt(mask, 8),
  };
}

/**
 * Determines what the duties request of the launcher.
 *
 * @param duties The duties.
 * @returns The requests.
 */
export function dutiesBroker(duties: DaemonDuties | undefined): BrokerManifest {
  if (duties === undefined) return NO_BROKER;
  const { isDaemon, pidFile } = duties;
  const calls: Capabilities = { ffi: LIBC_PATHS };
  const starts: Capabilities = isDaemon
    ? { run: [Deno.execPath()], env: ["NETWRIGHT_BACKGROUND"] }
    : {};
  const files: Capabilities = pidFile === undefined ? {} : { read: [pidFile], write: [pidFile] };
  return {
    ...NO_BROKER,
    launcher: [starts, files].reduce((all: Capabilities, one) => union(all, one), calls),
    duties,
  };
}

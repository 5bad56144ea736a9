/**
 * Unit files of systemd (systemd.service(5)).
 *
 * @module
 */

import type { Capabilities } from "../../net/mod.ts";
import type { BrokerManifest } from "../command/broker.ts";
import { mainCommand } from "../sandbox/main_module.ts";

/** Time without a sign of life after which systemd starts a server anew, in seconds. */
const WATCHDOG_SECONDS = 30;

/**
 * Writes the unit of a server.
 *
 * @param words The command line.
 * @param manifest What it requests of the launcher.
 * @param needs The capabilities of the command.
 * @returns The file.
 */
export function formatUnit(
  words: readonly string[],
  { duties, listen }: BrokerManifest,
  needs: Capabilities,
): string {
  const { flags, main } = mainCommand();
  const program = Deno.build.standalone
    ? [Deno.execPath()]
    : [Deno.execPath(), "run", "--allow-all", ...flags, main];
  const foreground = words.filter((word) => word !== "--daemon");
  const dropsItself = (duties?.user ?? duties?.group ?? duties?.chroot) !== undefined;
  const written = needs.write === true ? [] : [...new Set((needs.write ?? []).map(folderOf))];
  const patterns = [...needs.net === true ? [] : needs.net ?? [], ...listen];
  const needsRoot = patterns.some((pattern) =>
    /:(?:[1-9]\d{0,2}|10[01]\d|102[0-3])$/.test(pattern)
  );
  return [
    "[Unit]",
    `Description=${escapeText(`netwright ${foreground.slice(0, 2).join(" ")}`)}`,
    "After=network-online.target",
    "Wants=network-online.target",
    "",
    "[Service]",
    "Type=notify",
    `ExecStart=${[...program, ...foreground].map(quote).join(" ")}`,
    "ExecReload=/bin/kill -HUP $MAINPID",
    `WorkingDirectory=${escapeText(Deno.cwd())}`,
    `WatchdogSec=${WATCHDOG_SECONDS}`,
    "Restart=on-failure",
    ...dropsItself ? [] : [
      "DynamicUser=yes",
      ...needsRoot ? ["AmbientCapabilities=CAP_NET_BIND_SERVICE"] : [],
      "ProtectHome=read-only",
      ...written.length === 0 ? [] : [`ReadWritePaths=${written.map(quote).join(" ")}`],
    ],
    "",
    "[Install]",
    "WantedBy=multi-user.target",
    "",
  ].join("\n");
}

/** The folder that a file is in, or is: systemd makes folders writable that are there. */
function folderOf(path: string): string {
  const full = path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
  try {
    if (Deno.statSync(full).isDirectory) return full;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return full.slice(0, full.lastIndexOf("/")) || "/";
}

/** A percent sign begins a specifier. */
function escapeText(text: string): string {
  return text.replaceAll("%", "%%");
}

/** A word of a command line, as systemd divides them. */
function quote(word: string): string {
  const escaped = escapeText(word).replace(/[\\"]/g, "\\$&").replaceAll("$", "$$$$");
  return /^[\w@+=:,./%-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}

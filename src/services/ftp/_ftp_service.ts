/**
 * Serves files over FTP.
 *
 * @module
 */

import { jsonLine } from "../../net/internal.ts";
import { escapeForDisplay, isLoopback, systemNetwork } from "../../net/mod.ts";
import { isAnonymous, parseFtpFaults } from "../../protocols/ftp/internal.ts";
import { type FtpUser, handleFtp } from "../../protocols/ftp/mod.ts";
import { AppendedLines, checkUser, requireFolder } from "../../stores/internal.ts";
import { DiskTree, type FileTree, MemoryTree } from "../../stores/mod.ts";
import { describeError } from "../core/error_text.ts";
import type { Service } from "../core/service.ts";
import type { FtpConfiguration } from "./_ftp_configuration.ts";

/**
 * Serves files.
 *
 * @param configuration The tree, the users, and the limits.
 * @returns The service.
 * @throws {UsageError} If there is no such fault.
 * @throws {NetwrightError} If the folder is none.
 */
export async function ftpService(configuration: FtpConfiguration): Promise<Service> {
  const { root, passivePorts, publicAddress, dataHost, fault, tls, isSecure } = configuration;
  if (root !== undefined) await requireFolder(root);
  const tree: FileTree = root === undefined
    ? new MemoryTree()
    : new DiskTree(root, { guarded: true });
  const authenticate = authenticator(tree, configuration);
  const faults = fault === undefined ? [] : parseFtpFaults(fault);
  const isActive = configuration.connectsAnywhere || dataHost === undefined ||
    isLoopback(dataHost);
  const network = systemNetwork();
  const { transferLog } = configuration;
  const lines = transferLog === undefined ? undefined : new AppendedLines(transferLog);
  return {
    name: "ftp",
    busy: new TextEncoder().encode("421 Too many clients. Try again in a moment.\r\n"),
    async handle(connection, context): Promise<void> {
      const { remoteAddr } = connection;
      const client = "hostname" in remoteAddr ? remoteAddr.hostname : remoteAddr.transport;
      try {
        await handleFtp(connection, {
          network,
          authenticate,
          dataHost,
          passivePorts,
          publicAddress,
          active: isActive,
          tls,
          isSecure,
          faults,
          traffic: context.traffic,
          signal: context.signal,
          beforeClosing: (say) => context.beforeClosing?.(say),
          onBusy: context.touch,
          onError: (error) => context.log?.(escapeForDisplay(describeError(error))),
          onTransfer(record) {
            lines?.add(jsonLine({ time: context.now().toISOString(), client, ...record }));
            const { user, verb, path, bytes, complete } = record;
            const how = complete ? "" : " (incomplete)";
            context.log?.(
              `${escapeForDisplay(user)} ${verb} ${escapeForDisplay(path)} ${bytes}${how}`,
            );
          },
        });
      } finally {
        // A process that serves this connection alone ends with it.
        lines?.flush();
      }
    },
  };
}

function authenticator(
  tree: FileTree,
  { anonymous, users }: FtpConfiguration,
): (name: string, password: string) => Promise<FtpUser | undefined> {
  const known = new Map(Object.entries(users));
  return async (name, password) => {
    if (isAnonymous(name)) {
      return anonymous === "no" ? undefined : { tree, canWrite: anonymous === "write" };
    }
    const user = await checkUser(known, name, password);
    return user === undefined ? undefined : { tree, canWrite: user.write ?? true };
  };
}

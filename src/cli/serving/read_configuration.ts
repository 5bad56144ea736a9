/**
 * The files that  reads: YAML, certificates and keys.
 *
 * @module
 */

import { checkServerCredentials, requireServerTls, UsageError } from "../../net/mod.ts";
import type { ServiceModule } from "../../services/mod.ts";
import { readTextFile } from "../../stores/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import { readYaml } from "./yaml.ts";
import { plannedArguments, yamlFiles } from "./serving_options.ts";

/**
 * Reads the files, and then the options of the service.
 *
 * @param args The command line.
 * @param service The service.
 * @param warn Takes what is odd about the certificate.
 * @returns The configuration.
 * @throws {UsageError} If an option or a file makes no sense.
 */
export async function readConfiguration(
  args: Arguments,
  service: ServiceModule,
  warn: (text: string) => void,
): Promise<unknown> {
  const planned = plannedArguments(args, service);
  const documents = await Promise.all(
    yamlFiles(planned.options, service).map(async ([name, file]) =>
      [name, await readYaml(file)] as const
    ),
  );
  const tls = service.startsTls === true ? await readTls(args) : undefined;
  // A model checks what it uses itself; this one is used by the service.
  if (tls !== undefined && !args.has("implicit")) checkServerCredentials(tls).forEach(warn);
  return service.parse({ ...planned, documents: Object.fromEntries(documents), tls });
}

/** The certificate and its key; undefined if there is none. */
export async function readTls(args: Arguments): Promise<{ cert: string; key: string } | undefined> {
  const [cert, key] = [args.value("tls-cert"), args.value("tls-key")];
  if (cert === undefined && key === undefined) {
    if (args.has("implicit")) throw new UsageError("--implicit requires --tls-cert and --tls-key");
    return undefined;
  }
  if (cert === undefined || key === undefined) {
    throw new UsageError("--tls-cert and --tls-key belong together");
  }
  if (args.has("udp")) throw new UsageError("datagrams have no TLS");
  requireServerTls();
  const pair = { cert: await readTextFile(cert), key: await readTextFile(key) };
  try {
    checkServerCredentials(pair);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`--tls-cert ${cert}, --tls-key ${key}: ${error.reason}`, { cause: error });
  }
  return pair;
}

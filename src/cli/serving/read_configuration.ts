/**
 * The files that `serve` reads: YAML, certificates and keys.
 *
 * @module
 */

import { checkServerCredentials, requireServerTls } from "../../net/internal.ts";
import { UsageError } from "../../net/mod.ts";
import type { ServiceModule, ServiceTls } from "../../services/mod.ts";
import { readTextFile } from "../../stores/internal.ts";
import type { ServePlan } from "./serve_plan.ts";
import { readYaml } from "./yaml.ts";

/**
 * Reads the files, and then the options of the service.
 *
 * @param plan The plan.
 * @param service The service.
 * @param warn Receives remarks on the certificate.
 * @returns The configuration.
 * @throws {UsageError} If an option or a file makes no sense.
 */
export async function readConfiguration(
  plan: ServePlan,
  service: ServiceModule,
  warn: (text: string) => void,
): Promise<unknown> {
  const documents = await Promise.all(
    plan.yaml.map(async ({ option, file, content }) =>
      [option, await readYaml(file, content)] as const
    ),
  );
  // Inside TLS from the first byte too: FTP has further connections.
  const tls = service.startsTls === true ? await readTls(plan) : undefined;
  // A model checks its own certificate; this one is used by the service only.
  if (tls !== undefined && plan.startsTls) checkServerCredentials(tls).forEach(warn);
  return service.parse({ ...plan.serviceArguments, documents: Object.fromEntries(documents), tls });
}

/**
 * Reads the certificate and its key.
 *
 * @param plan The plan.
 * @returns Both; undefined if there are none.
 * @throws {UsageError} If they are none, or do not belong together.
 */
export async function readTls({ tls }: ServePlan): Promise<ServiceTls | undefined> {
  if (tls === undefined) return undefined;
  requireServerTls();
  const pair = { cert: await readTextFile(tls.cert), key: await readTextFile(tls.key) };
  try {
    checkServerCredentials(pair);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`--tls-cert ${tls.cert}, --tls-key ${tls.key}: ${error.reason}`, {
      cause: error,
    });
  }
  return pair;
}

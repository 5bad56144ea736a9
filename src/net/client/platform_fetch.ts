/**
 * The runtime's own HTTP client, for what connections of our own do not speak: HTTP/2.
 *
 * @module
 */

import { UnsupportedError } from "../core/errors.ts";
import type { TlsTrust } from "../tls/secure.ts";

/** A client of the runtime. */
export interface PlatformClient extends Disposable {
  /**
   * Sends a request, and follows no redirect.
   * @param url The resource.
   * @param init The request.
   * @returns The response, its body decoded if it was compressed with gzip or Brotli.
   */
  fetch(url: URL, init: RequestInit): Promise<Response>;
}

/**
 * Opens a client that speaks HTTP/2 and nothing else.
 *
 * @param trust Trusted authorities, and a client certificate.
 * @returns The client.
 * @throws {UnsupportedError} If any certificate is to be taken, which the runtime does not do.
 */
export function openHttp2Client(trust: TlsTrust): PlatformClient {
  if (trust.anyCertificate === true) {
    throw new UnsupportedError("the runtime's client takes no certificates but good ones", {
      operation: "open an HTTP/2 client",
    });
  }
  const { cert, key, caCerts = [] } = trust;
  const client = Deno.createHttpClient({
    http1: false,
    http2: true,
    caCerts: [...caCerts],
    ...(cert !== undefined && key !== undefined && { cert, key }),
  });
  return {
    fetch: (url, init) => fetch(url, { ...init, client, redirect: "manual" }),
    [Symbol.dispose]: () => client.close(),
  };
}

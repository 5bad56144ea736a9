/**
 * `netwright http headers`, inside the sandbox.
 *
 * @module
 */

import type { TlsSession } from "../../../net/mod.ts";
import type { Action } from "../../command/context.ts";
import type { HeadersPlan } from "../../commands/http/headers.ts";
import { explained, openAgent } from "../../http/agent.ts";
import { type HeaderFinding, judgeHeaders, meaningOf } from "../../http/explain_headers.ts";
import { EXIT } from "../../terminal/failure.ts";
import { Table } from "../../terminal/table.ts";

/** A certificate that ends sooner is worth a warning, in days. */
const SOON_DAYS = 21;

/** The command, in the sandbox. */
export const action: Action<HeadersPlan> = {
  async run({ page: { http, target } }, context) {
    await using open = await openAgent(http, [target], context, { inspect: true });
    const response = await open.agent.request("GET", target.url, {
      signal: context.signal,
      timeoutMs: http.maxTimeMs,
    }).catch((error) => {
      throw explained(error);
    });
    await using _ = response;
    const { url, status, version, headers, tls } = response;
    const findings = [
      ...judgeHeaders(headers, url.startsWith("https:")),
      ...tls === undefined
        ? url.startsWith("https:") ? [UNSEEN_CERTIFICATE] : []
        : [judgeCertificate(tls)],
    ];
    if (context.json) {
      const fields = [...headers].map(([name, value]) => ({
        name,
        value,
        meaning: meaningOf(name),
      }));
      await context.stdout.json({ url, status, version, fields, findings, tls });
      return EXIT.done;
    }
    const { stdout } = context;
    await stdout.line(`HTTP/${version} ${status}`);
    await stdout.line();
    const fields = new Table(stdout, { headings: ["field", "value", "what for"] });
    for (const [name, value] of headers) {
      await fields.row(name, value.slice(0, 60), meaningOf(name));
    }
    await fields.end();
    await stdout.line();
    const table = new Table(stdout, { headings: ["", "field", "what it does"] });
    for (const { verdict, name, text } of findings) await table.row(verdict, name, text);
    await table.end();
    if (tls !== undefined) {
      await stdout.line();
      await stdout.peerLine(`${tls.version}, ${tls.cipher}`);
      await stdout.peerLine(`certificate for ${tls.certificate.names.join(", ")}`);
      await stdout.peerLine(`signed by ${tls.certificate.issuer}`);
    }
    return EXIT.done;
  },
};

/** Older runtimes, and the HTTP/2 client of the runtime, do not show the server's certificate. */
const UNSEEN_CERTIFICATE: HeaderFinding = {
  verdict: "note",
  name: "certificate",
  text: "verified, but not shown by this runtime or with --http2",
};

function judgeCertificate({ certificate }: TlsSession): HeaderFinding {
  const days = Math.floor((certificate.until.getTime() - Date.now()) / 86_400_000);
  const until = certificate.until.toISOString().slice(0, 10);
  return {
    verdict: days < SOON_DAYS ? "weak" : "good",
    name: "certificate",
    text: `ends ${until}, in ${days} days`,
  };
}

/**
 * A session with a mail server, shown as its steps: command, reply, and duration.
 *
 * @module
 */

import type { TlsSession } from "../../net/mod.ts";
import { Transcript } from "../../protocols/wire/mod.ts";
import type { Output } from "../terminal/output.ts";

/** One step. */
interface Step {
  /** The client's command or data; secrets are masked. */
  readonly step: string;
  /** The server's reply, cleaned for display. */
  readonly reply: string[];
  /** From the command to the end of the answer, in milliseconds. */
  ms: number;
  /** What TLS agreed on, of the step that began it. */
  readonly tls?: TlsSession;
}

/** Steps, shown as they end. */
export class SmtpSteps {
  readonly #stdout: Output | undefined;
  readonly #steps: Step[] = [];
  #printed: Promise<void> = Promise.resolve();
  #current: Step | undefined;
  #begun = 0;

  /**
   * Begins without any.
   * @param stdout Where they are shown; nowhere if absent.
   */
  constructor(stdout: Output | undefined) {
    this.#stdout = stdout;
  }

  /** Begins a step, and so ends the one before. */
  begin(step: string): void {
    this.#finish();
    this.#begun = performance.now();
    this.#current = { step, reply: [], ms: 0 };
  }

  /** Begins a step about the TLS session; it succeeds if the certificate is accepted. */
  tls(session: TlsSession): void {
    this.#finish();
    this.#current = { step: "TLS", reply: [], ms: 0, tls: session };
  }

  /**
   * Makes the transcript that a client writes them to.
   * @param other Receives the same.
   */
  transcript(other?: Transcript): Transcript {
    return new Transcript((speaker, text) => {
      other?.record(speaker, text);
      const current = this.#current;
      // What answers a challenge belongs to the command that was challenged.
      if (speaker === "C" && !current?.reply.at(-1)?.startsWith("334")) this.begin(text);
      else if (speaker === "S" && current !== undefined) {
        current.reply.push(text);
        current.ms = performance.now() - this.#begun;
      }
    });
  }

  /** Ends the last step; all are shown when it resolves. */
  async end(): Promise<void> {
    this.#finish();
    await this.#printed;
  }

  /** How many addresses were accepted. */
  get accepted(): number {
    return this.#steps.filter((step) => /^(?:RCPT|VRFY) /.test(step.step) && isGood(step)).length;
  }

  /** How many commands about addresses were refused. */
  get refused(): number {
    return this.#steps.filter((step) => /^(?:MAIL|RCPT|VRFY) /.test(step.step) && !isGood(step))
      .length;
  }

  /** The report of each step, for a program. */
  report(): unknown[] {
    return this.#steps.map((step) => ({
      ...step,
      ms: Math.round(step.ms * 1000) / 1000,
      ok: isGood(step),
    }));
  }

  #finish(): void {
    const step = this.#current;
    this.#current = undefined;
    if (step === undefined) return;
    this.#steps.push(step);
    const stdout = this.#stdout;
    if (stdout === undefined) return;
    const mark = isGood(step) ? stdout.paint("good", "ok  ") : stdout.paint("bad", "FAIL");
    const lines = step.tls === undefined
      ? [`${mark}  ${step.step}  ${step.ms.toFixed(1)} ms`, ...step.reply.map(indented)]
      : [`${mark}  ${step.step}`, ...tlsLines(step.tls).map(indented)];
    this.#printed = this.#printed.then(() => stdout.line(lines.join("\n")));
    // It is reported when all have ended.
    this.#printed.catch(() => {});
  }
}

function indented(line: string): string {
  return `        ${line}`;
}

function tlsLines({ version, cipher, certificate }: TlsSession): string[] {
  const { names, issuer, from, until, sha256, refusal } = certificate;
  return [
    `${version}, ${cipher}`,
    `certificate for ${names.join(", ") || "no name"}, by ${issuer}`,
    `from ${from.toISOString().slice(0, 10)} until ${until.toISOString().slice(0, 10)}`,
    `SHA-256 ${sha256}`,
    ...refusal === undefined ? [] : [`not accepted: ${refusal}`],
  ];
}

function isGood({ reply, tls }: Step): boolean {
  if (tls !== undefined) return tls.certificate.refusal === undefined;
  return /^[23]/.test(reply.at(-1) ?? "");
}

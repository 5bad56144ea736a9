/**
 * TLS by `node:tls` over any connection: for the server's role, which the runtime's own upgrade lacks,
 * and for connections that are not the runtime's sockets.
 *
 * @module
 */

import * as tls from "node:tls";
import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import { closeQuietly } from "../core/close.ts";
import type { Connection } from "../core/connection.ts";
import { commonNameOf, describeCertificate, explainRefusal, refuseClient } from "./_certificate.ts";
import { writeAll } from "../bytes/read_write.ts";
import { formatEndpoint } from "../address/endpoint.ts";
import { TlsError } from "../core/errors.ts";
import { parseIp } from "../address/ip.ts";
import { toTlsError } from "./_tls_error.ts";
import { TlsRecords } from "./_tls_records.ts";
import type {
  SecureClientOptions,
  SecureConnection,
  SecureOptions,
  SecureServerOptions,
  TlsSession,
} from "./_secure_options.ts";

/**
 * Makes the handshake, and checks the peer's certificate.
 *
 * @param connection The plain connection; it belongs to the result.
 * @param options The role and its options.
 * @returns The connection inside TLS. Rejects with a `TlsError` for a certificate that is not accepted,
 *   else with whatever `node:tls` says.
 */
export async function nodeTls(
  connection: Connection,
  options: SecureOptions,
): Promise<SecureConnection> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const plain = new ConnectionDuplex(connection);
  const socket = options.role === "server"
    ? serverSocket(plain, options)
    : clientSocket(plain, options);
  // It listens from the first moment: what happens between the handshake and its news must not get lost.
  const secured = new NodeTlsConnection(connection, plain, socket);
  const onEnd = (): void => reject(new Deno.errors.UnexpectedEof("ended within the handshake"));
  // The server's side emits `secure`; the client's emits `secureConnect` once the name was checked.
  socket.once(options.role === "server" ? "secure" : "secureConnect", () => resolve());
  socket.on("error", reject);
  // TLS may still write to a connection that was closed; an error without a listener ends the program.
  plain.on("error", reject);
  socket.once("end", onEnd);
  socket.once("close", onEnd);
  try {
    await promise;
    const { name, refusal } = checkPeer(socket, options, formatEndpoint(connection.remoteAddr));
    secured.open(name);
    if (options.role === "client" && options.inspect) secured.session = describe(socket, refusal);
  } catch (error) {
    secured.close();
    closeQuietly(connection);
    throw error;
  }
  socket.off("end", onEnd);
  socket.off("close", onEnd);
  return secured;
}

function serverSocket(plain: Duplex, options: SecureServerOptions): tls.TLSSocket {
  const { cert, key, alpnProtocols, clientCaCerts, maxVersion } = options;
  const ca = clientCaCerts === undefined ? {} : { ca: [...clientCaCerts] };
  return new tls.TLSSocket(plain, {
    isServer: true,
    secureContext: tls.createSecureContext({ cert, key, ...ca, ...(maxVersion && { maxVersion }) }),
    ...(clientCaCerts && { requestCert: true, rejectUnauthorized: true }),
    ...(alpnProtocols && { ALPNProtocols: [...alpnProtocols] }),
  });
}

function clientSocket(plain: Duplex, options: SecureClientOptions): tls.TLSSocket {
  const { hostname, caCerts = [], cert, key, alpnProtocols } = options;
  return tls.connect({
    socket: plain,
    host: hostname,
    servername: parseIp(hostname) === undefined ? hostname : "",
    // Certificates that are not accepted are rejected by checkPeer(), with the reason.
    rejectUnauthorized: false,
    ...(caCerts.length > 0 && { ca: [...rootCertificates(), ...caCerts] }),
    ...(cert !== undefined && key !== undefined && { cert, key }),
    ...(alpnProtocols && { ALPNProtocols: [...alpnProtocols] }),
  } as tls.ConnectionOptions);
}

/** The runtime's own authorities; none where it hides them, and then the given ones alone are trusted. */
function rootCertificates(): readonly string[] {
  try {
    // It is read only now, for the list is made when it is looked at.
    return [...tls.rootCertificates];
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return [];
    throw error;
  }
}

/** Refuses a peer whose certificate is not accepted; gives the name that was checked. */
function checkPeer(
  socket: tls.TLSSocket,
  options: SecureOptions,
  peer: string,
): { readonly name?: string | undefined; readonly refusal?: string } {
  const { raw } = socket.getPeerCertificate() as { raw?: Uint8Array };
  if (options.role === "server") {
    if (options.clientCaCerts === undefined) return {};
    const reason = refuseClient(raw, options.clientCaCerts);
    if (reason !== undefined) {
      throw new TlsError(reason, { operation: "start TLS", peer });
    }
    return { name: commonNameOf(raw!) };
  }
  if (socket.authorized === true) return { name: options.hostname };
  const { hostname } = options;
  const error = socket.authorizationError as unknown;
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const [reason, hint] = explainRefusal({ code, hostname, raw });
  if (options.anyCertificate === true) return { refusal: reason };
  throw new TlsError(reason, { operation: "start TLS", peer: hostname, hint });
}

/** Returns the parameters agreed on with a server. */
function describe(socket: tls.TLSSocket, refusal: string | undefined): TlsSession | undefined {
  const { raw } = socket.getPeerCertificate() as { raw?: Uint8Array };
  if (raw === undefined) return undefined;
  return {
    version: String(socket.getProtocol()),
    cipher: socket.getCipher().name,
    certificate: describeCertificate(raw, refusal),
  };
}

/**
 * How many bytes may come in a row of which TLS makes no data: a handshake with a long chain of certificates, not a
 * peer that sends key updates or empty records for ever.
 */
const FRUITLESS_BYTES = 1024 * 1024;

/** A connection as a stream of Node's kind. */
class ConnectionDuplex extends Duplex {
  readonly #connection: Connection;
  readonly #buffer = new Uint8Array(16_384);
  readonly #records = new TlsRecords();
  #isPaused = false;
  #waitsToRead = false;
  #fruitlessBytes = 0;
  /** Whether the peer ended without a word. */
  wasCut = false;

  constructor(connection: Connection) {
    // The closing code knows already; older runtimes throw in an unreachable listener for its end.
    super({ allowHalfOpen: true, emitClose: false });
    this.#connection = connection;
  }

  /** Reads no more of the connection until {@link resumeReading}. */
  pauseReading(): void {
    this.#isPaused = true;
  }

  /** Goes on reading. */
  resumeReading(): void {
    this.#isPaused = false;
    if (!this.#waitsToRead) return;
    this.#waitsToRead = false;
    this._read();
  }

  override _read(): void {
    if (this.#isPaused) {
      this.#waitsToRead = true;
      return;
    }
    this.#connection.read(this.#buffer).then(
      (count) => count === null ? this.#end() : this.#take(this.#buffer.slice(0, count)),
      (error) => this.destroy(error),
    );
  }

  #take(bytes: Uint8Array): void {
    this.#records.feed(bytes);
    this.#fruitlessBytes += bytes.length;
    if (this.#fruitlessBytes > FRUITLESS_BYTES) {
      const peer = formatEndpoint(this.#connection.remoteAddr);
      this.destroy(new TlsError("too many TLS records without data", { operation: "read", peer }));
      return;
    }
    this.push(Buffer.from(bytes));
  }

  /** Resets the count: the TLS above has produced data. */
  hadData(): void {
    this.#fruitlessBytes = 0;
  }

  /** The TLS above would wait for ever for the rest of a record. */
  #end(): void {
    if (this.#records.isWithin) {
      this.destroy(new Deno.errors.UnexpectedEof("the connection ended within a TLS record"));
      return;
    }
    this.wasCut = !this.#records.isClosed;
    this.push(null);
  }

  override _write(chunk: Uint8Array, _: string, callback: (error?: Error) => void): void {
    writeAll(this.#connection, chunk).then(() => callback(), callback);
  }

  override _final(callback: (error?: Error) => void): void {
    this.#connection.closeWrite().then(() => callback(), callback);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    closeQuietly(this.#connection);
    callback(error);
  }
}

/** Thresholds of waiting decrypted bytes: reading stops above, and resumes below. */
const WAITING_BYTES = { high: 256 * 1024, low: 64 * 1024 };

/**
 * A TLS socket of Node's kind as a connection. It always flows, for one that was paused may lose its end; what
 * is held back is the connection below it.
 */
class NodeTlsConnection implements SecureConnection {
  readonly localAddr: Connection["localAddr"];
  readonly remoteAddr: Connection["remoteAddr"];
  alpnProtocol: string | undefined;
  peerName: string | undefined;
  session: TlsSession | undefined;
  readonly #plain: ConnectionDuplex;
  readonly #socket: tls.TLSSocket;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #wake: (() => void) | undefined;
  #ended = false;
  #closed = false;
  #failure: Error | undefined;
  /** Rejects pending writes when the connection breaks; the socket may never call back for them. */
  readonly #pending = new Set<(error: Error) => void>();

  constructor(
    connection: Connection,
    plain: ConnectionDuplex,
    socket: tls.TLSSocket,
  ) {
    this.localAddr = connection.localAddr;
    this.remoteAddr = connection.remoteAddr;
    this.#plain = plain;
    this.#socket = socket;
    const wake = (): void => this.#wake?.();
    socket.on("data", (chunk: Uint8Array) => {
      plain.hadData();
      this.#waiting.push(chunk);
      this.#waitingBytes += chunk.length;
      if (this.#waitingBytes >= WAITING_BYTES.high) plain.pauseReading();
      wake();
    });
    const fail = (error: Error): void => {
      this.#failure ??= error;
      this.#abort(error);
    };
    // Whether a read or a write fails: the TLS above may never say so.
    plain.on("error", fail);
    socket.on("end", () => {
      this.#ended = true;
      wake();
    });
    socket.on("error", fail);
    // A record that cannot be decrypted comes as this event alone, and the socket would go on reading.
    const peer = formatEndpoint(connection.remoteAddr);
    socket.on("_tlsError", (error: Error) => {
      const known = toTlsError(error, { operation: "read", peer });
      fail(known instanceof TlsError ? known : error);
      plain.destroy();
    });
    socket.on("close", () => {
      this.#ended = true;
      wake();
    });
  }

  /** Completes the connection after the handshake. */
  open(peerName: string | undefined): void {
    this.peerName = peerName;
    this.alpnProtocol = this.#socket.alpnProtocol || undefined;
  }

  async read(p: Uint8Array): Promise<number | null> {
    if (p.length === 0) return 0;
    while (this.#waiting.length === 0) {
      if (this.#closed) throw new Deno.errors.Interrupted("operation canceled");
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#ended) return null;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const first = this.#waiting[0]!;
    const count = Math.min(p.length, first.length);
    p.set(first.subarray(0, count));
    if (count === first.length) this.#waiting.shift();
    else this.#waiting[0] = first.subarray(count);
    this.#waitingBytes -= count;
    if (this.#waitingBytes < WAITING_BYTES.low) this.#plain.resumeReading();
    return count;
  }

  async write(p: Uint8Array): Promise<number> {
    if (this.#closed) throw new Deno.errors.BadResource("Bad resource ID");
    // The caller may use its buffer again when this resolves; the stream may still hold a reference.
    await this.#until((done) => void this.#socket.write(p.slice(), done));
    return p.length;
  }

  async closeWrite(): Promise<void> {
    await this.#until((done) => void this.#socket.end(() => done()));
  }

  /** Waits until the socket has done something, unless it breaks or is closed before. */
  async #until(start: (done: (error?: Error | null) => void) => void): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#closed || this.#socket.destroyed) {
      throw new Deno.errors.BadResource("Bad resource ID");
    }
    await new Promise<void>((resolve, reject) => {
      this.#pending.add(reject);
      start((error) => {
        this.#pending.delete(reject);
        if (error) reject(error);
        else resolve();
      });
    });
  }

  #abort(error: Error): void {
    for (const reject of this.#pending) reject(error);
    this.#pending.clear();
    this.#wake?.();
  }

  get wasCut(): boolean {
    return this.#plain.wasCut;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.destroy();
    this.#plain.destroy();
    this.#abort(new Deno.errors.Interrupted("operation canceled"));
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

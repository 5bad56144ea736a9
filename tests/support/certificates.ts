/**
 * Throw-away certificates, made by `openssl` once per test process.
 *
 * @module
 */

/** A certificate with its key, as PEM. */
export interface Credentials {
  readonly cert: string;
  readonly key: string;
}

/** Files of the TLS tests. */
export interface Certificates {
  /** The authority that signs all others but the self-signed one. */
  readonly ca: string;
  /** Another authority, which signed nothing. */
  readonly otherCa: string;
  /** For localhost, 127.0.0.1 and ::1. */
  readonly server: Credentials;
  /** For other.example only. */
  readonly wrongHost: Credentials;
  /** For localhost, but of the past. */
  readonly expired: Credentials;
  /** For localhost, but of the future. */
  readonly future: Credentials;
  /** For localhost, signed by itself. */
  readonly selfSigned: Credentials;
  /** For a client called `ann`. */
  readonly client: Credentials;
  /** The folder of the files: `server.pem`, `server.key`, `ca.pem`, … */
  readonly folder: string;
}

const CONFIG = `[ca]
default_ca = own
[own]
new_certs_dir = .
database = index
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
[req]
distinguished_name = none
[none]
`;

const LOCAL = "DNS:localhost,IP:127.0.0.1,IP:::1";

let made: Promise<Certificates> | undefined;

/** Makes them at the first call; the folder goes when the process ends. */
export function certificates(): Promise<Certificates> {
  return made ??= make();
}

async function make(): Promise<Certificates> {
  const folder = await Deno.makeTempDir({ prefix: "netwright-tls-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  const openssl = async (...args: readonly string[]): Promise<void> => {
    const { success, stderr } = await new Deno.Command("openssl", {
      args: [...args],
      cwd: folder,
      stdin: "null",
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  };
  const read = (name: string): Promise<string> => Deno.readTextFile(`${folder}/${name}`);
  await Deno.writeTextFile(`${folder}/config`, CONFIG);
  await Deno.writeTextFile(`${folder}/index`, "");
  const request = (name: string, subject: string, ...more: readonly string[]) =>
    openssl(
      ...["req", "-config", "config", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
      ...["-nodes", "-keyout", `${name}.key`, "-subj", `/CN=${subject}`, ...more],
    );
  const authority = async (name: string): Promise<string> => {
    const extensions = ["basicConstraints=critical,CA:TRUE", "keyUsage=keyCertSign"];
    await request(
      name,
      `Test authority ${name}`,
      ...["-x509", "-days", "30", "-out", `${name}.pem`],
      ...extensions.flatMap((extension) => ["-addext", extension]),
    );
    return await read(`${name}.pem`);
  };
  const leaf = async (
    name: string,
    names: string,
    dates: readonly string[] = ["-days", "30"],
    usage = "serverAuth",
  ): Promise<Credentials> => {
    const extensions = [
      "basicConstraints=critical,CA:FALSE",
      `extendedKeyUsage=${usage}`,
      `subjectAltName=${names}`,
    ].flatMap((extension) => ["-addext", extension]);
    await request(name, name, "-new", "-out", `${name}.csr`, ...extensions);
    await openssl(
      ...["ca", "-batch", "-config", "config", "-cert", "ca.pem", "-keyfile", "ca.key"],
      ...["-in", `${name}.csr`, "-out", `${name}.pem`, "-notext", ...dates],
    );
    return { cert: await read(`${name}.pem`), key: await read(`${name}.key`) };
  };
  const ca = await authority("ca");
  const otherCa = await authority("other-ca");
  const server = await leaf("server", LOCAL);
  const wrongHost = await leaf("wrong-host", "DNS:other.example");
  const past = ["-startdate", "20200101000000Z", "-enddate", "20200201000000Z"];
  const expired = await leaf("expired", LOCAL, past);
  const later = ["-startdate", "20900101000000Z", "-enddate", "20900201000000Z"];
  const future = await leaf("future", LOCAL, later);
  const client = await leaf("client", "DNS:ann", undefined, "clientAuth");
  await request(
    "self-signed",
    "localhost",
    ...["-x509", "-days", "30", "-out", "self-signed.pem"],
    ...["-addext", `subjectAltName=${LOCAL}`],
  );
  const selfSigned = { cert: await read("self-signed.pem"), key: await read("self-signed.key") };
  return { ca, otherCa, server, wrongHost, expired, future, selfSigned, client, folder };
}

/**
 * Debian's `pure-ftpd` and `proftpd`, for one virtual user and one folder.
 *
 * @module
 */

import { getAvailablePort } from "@std/net";
import { run, startGreeting } from "./program.ts";

/** A server that runs. */
export interface FtpPeer extends AsyncDisposable {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The user's folder. */
  readonly root: string;
}

/** User and group of the files; not root, which pure-ftpd refuses. */
const OWNER = 65534;

async function start(
  name: string,
  command: (at: { folder: string; root: string; port: number; hash: string }) => Promise<string[]>,
): Promise<FtpPeer> {
  const folder = await Deno.makeTempDir({ prefix: `netwright-${name}-` });
  const root = `${folder}/home`;
  await Deno.chmod(folder, 0o755);
  await Deno.mkdir(root);
  await Deno.chown(root, OWNER, OWNER);
  const password = crypto.randomUUID();
  const hash = (await run("openssl", ["passwd", "-6", password])).trim();
  const port = getAvailablePort();
  let child: Deno.ChildProcess | undefined;
  const end = async (): Promise<void> => {
    try {
      child?.kill("SIGTERM");
    } catch (error) {
      // It may have ended by itself.
      if (!(error instanceof TypeError)) throw error;
    }
    await child?.status;
    await Deno.remove(folder, { recursive: true });
  };
  try {
    const words = await command({ folder, root, port, hash });
    await startGreeting(words, port, (started) => child = started);
  } catch (error) {
    await end();
    throw error;
  }
  return { port, user: "test", password, root, [Symbol.asyncDispose]: end };
}

/** Starts pure-ftpd; with `forbidsDots` it refuses names that begin with a dot (`-x`). */
export async function startPureFtpd({ forbidsDots }: { forbidsDots: boolean }): Promise<FtpPeer> {
  return await start("pure-ftpd", async ({ folder, root, port, hash }) => {
    await Deno.writeTextFile(
      `${folder}/passwd`,
      `test:${hash}:${OWNER}:${OWNER}::${root}/./::::::::::::\n`,
    );
    await run("pure-pw", ["mkdb", `${folder}/users.pdb`, "-f", `${folder}/passwd`]);
    return [
      ...["pure-ftpd", "-4", "-S", `127.0.0.1,${port}`, "-A", "-E", "-H", "-j"],
      ...["-l", `puredb:${folder}/users.pdb`, "-u", "100", "-U", "133:022", "-D"],
      ...["-g", `${folder}/pid`, ...(forbidsDots ? ["-x"] : [])],
    ];
  });
}

/** Starts proftpd. */
export async function startProftpd(): Promise<FtpPeer> {
  return await start("proftpd", async ({ folder, root, port, hash }) => {
    await Deno.writeTextFile(
      `${folder}/users`,
      `test:${hash}:${OWNER}:${OWNER}::${root}:/bin/sh\n`,
      {
        mode: 0o600,
      },
    );
    await Deno.writeTextFile(`${folder}/groups`, `test:x:${OWNER}:\n`, { mode: 0o600 });
    const lines = [
      "ServerType standalone",
      "DefaultAddress 127.0.0.1",
      `Port ${port}`,
      "UseIPv6 off",
      "User nobody",
      "Group nogroup",
      `PidFile ${folder}/pid`,
      `ScoreboardFile ${folder}/score`,
      `DelayTable ${folder}/delay`,
      `SystemLog ${folder}/log`,
      "WtmpLog off",
      "TransferLog none",
      "AuthOrder mod_auth_file.c",
      `AuthUserFile ${folder}/users`,
      `AuthGroupFile ${folder}/groups`,
      "AuthPAM off",
      "RequireValidShell off",
      "DefaultRoot ~",
      "AllowOverwrite on",
      "AllowStoreRestart on",
      "AllowRetrieveRestart on",
    ];
    await Deno.writeTextFile(`${folder}/conf`, lines.join("\n") + "\n");
    return ["proftpd", "-n", "-q", "-c", `${folder}/conf`];
  });
}

/** Debian's dnsmasq as a name server of one zone, in a namespace of its own. */

import type { TestHost } from "../../support/namespaces.ts";
import { PATH } from "./needs.ts";

/** The zone, as dnsmasq's options spell it. */
const ZONE = [
  "--host-record=www.example.test,192.0.2.80,2001:db8::80",
  "--host-record=mail.example.test,192.0.2.25",
  "--cname=alias.example.test,www.example.test",
  "--mx-host=example.test,mail.example.test,10",
  "--mx-host=example.test,www.example.test,20",
  '--txt-record=example.test,v=spf1 -all,second string "quoted"',
  "--srv-host=_imaps._tcp.example.test,mail.example.test,993,1,2",
  "--naptr-record=example.test,100,10,u,E2U+sip,!^.*$!sip:info@example.test!",
  "--caa-record=example.test,0,issue,ca.example.net",
];

/**
 * Starts it on port 53 of a host's loopback addresses.
 *
 * @param host Where.
 * @param zone Its records, as its options.
 * @returns Resolves when it answers.
 */
export async function startDnsmasq(
  host: TestHost,
  zone: readonly string[] = ZONE,
): Promise<AsyncDisposable> {
  const options = ["--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts"];
  options.push("--log-facility=-", "--user=root", "--pid-file", "--local=/test/", ...zone);
  const child = new Deno.Command("ip", {
    args: ["netns", "exec", host.name, "dnsmasq", ...options],
    env: { PATH },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let text = "";
  const log = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  while (!text.includes("started, version")) {
    const { value, done } = await log.read();
    if (done) throw new Error(`dnsmasq ended: ${text}`);
    text += value;
  }
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await log.cancel();
      await child.status;
    },
  };
}

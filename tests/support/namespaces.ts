/**
 * Network namespaces for one test: hosts of its own, with nothing around them.
 *
 * @module
 */

import { type Ended, netwright, ROOT, type RunOptions } from "./netwright.ts";

/** A host that exists for one test. */
export interface TestHost {
  /** The namespace's name. */
  readonly name: string;
  /** Runs a program in it and gives its standard output. */
  run(program: string, ...args: readonly string[]): Promise<string>;
  /** Runs our program in it. */
  netwright(words: readonly string[], options?: RunOptions): Promise<Ended>;
}

/** Three hosts on two subnets: `near`, a `router`, and `far`. */
export interface TestNetwork extends AsyncDisposable {
  readonly near: TestHost;
  readonly router: TestHost;
  readonly far: TestHost;
}

/** The addresses of {@link twoSubnets}. */
export const ADDRESSES = {
  near: { 4: "10.11.1.1", 6: "fd11:1::1" },
  router: { 4: "10.11.1.254", 6: "fd11:1::fe" },
  routerFar: { 4: "10.11.2.254", 6: "fd11:2::fe" },
  far: { 4: "10.11.2.1", 6: "fd11:2::1" },
} as const;

/** Whether this user may make namespaces. */
export async function mayMakeNamespaces(): Promise<boolean> {
  const { success } = await new Deno.Command("unshare", {
    args: ["--net", "true"],
    stdout: "null",
    stderr: "null",
  }).output().catch(() => ({ success: false }));
  if (!success && Deno.env.get("CI") === "true") throw new Error("namespaces cannot be made");
  return success;
}

/** Makes one host with nothing but its loopback interface. */
export async function aloneHost(): Promise<AsyncDisposable & TestHost> {
  const host = await makeHost("alone");
  return { ...host, [Symbol.asyncDispose]: () => removeHost(host) };
}

/** Makes three hosts in a row; the one in the middle forwards. */
export async function twoSubnets(): Promise<TestNetwork> {
  const near = await makeHost("near");
  const router = await makeHost("router");
  const far = await makeHost("far");
  await join(near, "eth0", ADDRESSES.near, router, "eth0", ADDRESSES.router);
  await join(far, "eth0", ADDRESSES.far, router, "eth1", ADDRESSES.routerFar);
  await router.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
  for (const [host, via] of [[near, ADDRESSES.router], [far, ADDRESSES.routerFar]] as const) {
    await host.run("ip", "route", "add", "default", "via", via[4]);
    await host.run("ip", "-6", "route", "add", "default", "via", via[6]);
  }
  return {
    near,
    router,
    far,
    async [Symbol.asyncDispose]() {
      for (const host of [near, router, far]) await removeHost(host);
    },
  };
}

async function makeHost(role: string): Promise<TestHost> {
  const name = `nw-${role}-${crypto.randomUUID().slice(0, 8)}`;
  await output("ip", ["netns", "add", name]);
  const host: TestHost = {
    name,
    run: (program, ...args) => output("ip", ["netns", "exec", name, program, ...args]),
    netwright: (words, options = {}) => netwright(words, { ...options, namespace: name }),
  };
  await host.run("ip", "link", "set", "lo", "up");
  // Else a host that was asked much by one test would be silent to the next.
  await host.run("sysctl", "-qw", "net.ipv4.icmp_ratelimit=0", "net.ipv6.icmp.ratelimit=0");
  return host;
}

async function removeHost({ name }: TestHost): Promise<void> {
  await output("ip", ["netns", "del", name]);
}

type Pair = Readonly<Record<4 | 6, string>>;

async function join(
  a: TestHost,
  aName: string,
  aAddress: Pair,
  b: TestHost,
  bName: string,
  bAddress: Pair,
): Promise<void> {
  const link = ["link", "add", aName, "netns", a.name, "type", "veth"];
  await output("ip", [...link, "peer", "name", bName, "netns", b.name]);
  for (const [host, device, address] of [[a, aName, aAddress], [b, bName, bAddress]] as const) {
    await host.run("ip", "addr", "add", `${address[4]}/24`, "dev", device);
    // Without the wait for duplicates, which takes a second or two.
    await host.run("ip", "addr", "add", `${address[6]}/64`, "dev", device, "nodad");
    await host.run("ip", "link", "set", device, "up");
  }
}

/** Runs a program to its end; it must succeed. */
async function output(program: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd: ROOT,
    env: { PATH: `${Deno.env.get("PATH")}:/usr/sbin:/sbin` },
    signal: AbortSignal.timeout(60_000),
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (success) return text;
  throw new Error(`${program} ${args.join(" ")}: ${text}${new TextDecoder().decode(stderr)}`);
}

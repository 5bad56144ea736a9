/**
 * Stands in for `@std/net/get-network-address` where JSR is out of reach.
 *
 * @module
 */

/** As in `@std/net`: an address of this host by which others can reach it. */
export function getNetworkAddress(
  family: Deno.NetworkInterfaceInfo["family"] = "IPv4",
): string | undefined {
  const isLocal = ({ address, scopeid }: Deno.NetworkInterfaceInfo): boolean =>
    family === "IPv4" ? address.startsWith("127.") : address === "::1" || scopeid !== 0;
  return Deno.networkInterfaces()
    .find((one) => one.family === family && one.mac !== "00:00:00:00:00:00" && !isLocal(one))
    ?.address;
}

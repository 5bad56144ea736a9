/** Every error number of the system becomes one of our errors with the endpoint or the path. */

import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { toFileError } from "../../../src/net/internal.ts";
import {
  CapabilityError,
  ConnectError,
  NetwrightError,
  toNetwrightError,
} from "../../../src/net/mod.ts";
import { listSystemErrors } from "../../../src/reference/mod.ts";

Deno.test("the system's errors are reported with the file, whatever their number", () => {
  for (const { number, meaning } of listSystemErrors()) {
    const thrown = new Error(`${meaning} (os error ${number}): open '/d/file'`);
    const error = toFileError(thrown, { operation: "read", peer: "/d/file" });
    assertInstanceOf(error, NetwrightError, meaning);
    assertEquals([error.peer, error.cause], ["/d/file", thrown]);
    assertEquals(error.reason.toLowerCase(), meaning.toLowerCase());
  }
});

Deno.test("the system's errors are reported with the endpoint, whatever their number", () => {
  for (const { number, meaning } of listSystemErrors()) {
    const thrown = new Error(`${meaning} (os error ${number})`);
    const error = toNetwrightError(thrown, { operation: "connect", peer: "192.0.2.1:80" });
    assertInstanceOf(error, NetwrightError, meaning);
    assertEquals(error.peer, "192.0.2.1:80");
    assert(!/os error/.test(error.message), error.message);
  }
});

Deno.test("errors that the runtime names by a class, of files and of sockets", () => {
  const { errors } = Deno;
  const rows: readonly [error: Error, file: string, socket: string][] = [
    [new errors.NotFound("x"), "no such file or directory", "no such socket"],
    [new errors.PermissionDenied("x"), "permission denied", "permission denied"],
    [new errors.IsADirectory("x"), "is a directory", ""],
    [new errors.FilesystemLoop("x"), "too many levels of symbolic links", ""],
    [new errors.ConnectionRefused("x"), "", "connection refused"],
  ];
  for (const [error, file, socket] of rows) {
    const context = { operation: "open", peer: "x" };
    for (const [turn, reason] of [[toFileError, file], [toNetwrightError, socket]] as const) {
      const reported = turn(error, context);
      if (reason === "") assertEquals(reported, error);
      else assertEquals((reported as NetwrightError).reason, reason);
    }
  }
});

Deno.test("only a port below 1024 that is listened on is said to need privileges", () => {
  const thrown = new Deno.errors.PermissionDenied("Permission denied (os error 13)");
  const hintOf = (operation: string, peer: string) =>
    (toNetwrightError(thrown, { operation, peer }) as ConnectError).hint;
  assertEquals(hintOf("listen", "127.0.0.1:80"), "ports below 1024 need privileges");
  for (const peer of ["127.0.0.1:8080", "unix:/run/x", undefined]) {
    assertEquals(hintOf("listen", peer ?? ""), undefined);
  }
  assertEquals(hintOf("connect", "127.0.0.1:80"), undefined);
});

Deno.test("calls that the runtime never permits are reported without a useless flag", () => {
  const thrown = new Deno.errors.NotCapable(
    'Requires all access to "/dev/full", run again with the --allow-all flag',
  );
  const error = toFileError(thrown, { peer: "/dev/full" });
  assertInstanceOf(error, CapabilityError);
  assertEquals(error.reason, "the runtime requires every permission for it (--no-sandbox)");
});

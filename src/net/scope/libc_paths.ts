/**
 * Where the C library is, on the systems that we know.
 *
 * @module
 */

/**
 * The places. A permission for `ffi` names whole paths, so a command that needs it declares these and the
 * first that is there is taken.
 */
export const LIBC_PATHS: readonly string[] = Deno.build.arch === "aarch64"
  ? [
    "/lib/aarch64-linux-gnu/libc.so.6",
    "/lib64/libc.so.6",
    "/usr/lib/libc.so.6",
    "/lib/libc.musl-aarch64.so.1",
  ]
  : [
    "/lib/x86_64-linux-gnu/libc.so.6",
    "/lib64/libc.so.6",
    "/usr/lib/libc.so.6",
    "/lib/libc.musl-x86_64.so.1",
  ];

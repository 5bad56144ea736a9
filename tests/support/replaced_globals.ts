/**
 * Calls every function that hands memory to the system after hostile code has replaced whatever it can: run as a
 * program of its own, which prints `intact` if no byte was written where it should not be.
 *
 * @module
 */

import * as batch from "../../src/os/sockets/datagram_batch.ts";
import * as sockets from "../../src/os/libc/socket_calls.ts";
import { encodeSockaddr } from "../../src/os/sockets/sockaddr.ts";

/** Bytes before and behind the memory that a call may write. */
const GUARD = 256;
const FILL = 0x55;

sockets.openSocketCalls();
batch.openDatagramCalls();
const print = console.log;
const Real = Uint8Array;
const { exit } = Deno;
const later = setTimeout;

/** A buffer with guards around the part that a call gets. */
function guarded(bytes: number): { inner: Uint8Array; isIntact: () => boolean } {
  const memory = new ArrayBuffer(bytes + 2 * GUARD);
  const all = new Real(memory);
  for (let i = 0; i < bytes + 2 * GUARD; i++) all[i] = FILL;
  return {
    inner: new Real(memory, GUARD, bytes),
    isIntact: () => {
      for (let i = 0; i < GUARD; i++) {
        if (all[i] !== FILL || all[GUARD + bytes + i] !== FILL) return false;
      }
      return true;
    },
  };
}

const buffers = [guarded(16), guarded(16), guarded(8)];
const [forStream, forEntry, unused] = [buffers[0]!, buffers[1]!, buffers[2]!];
const pair = sockets.socketPair()!;
const [here, there] = [pair[0], pair[1]];
const long = new Real(100_000);
const name = encodeSockaddr({ hostname: "127.0.0.1", port: 0 });
const stolen: Uint8Array[] = [];

/** Behaviour of every replaced global: claims to be far larger than it is, and keeps its arguments. */
function hostile(this: unknown, ...args: unknown[]): number {
  for (const thing of [this, args[0], args[1]]) {
    if (thing instanceof Real && thing !== long) stolen[stolen.length] = thing;
  }
  return 70_000;
}
const TypedArray = Object.getPrototypeOf(Uint8Array);
const { defineProperty } = Object;
for (const property of ["length", "byteLength", "byteOffset", "buffer"]) {
  defineProperty(TypedArray.prototype, property, { get: hostile, configurable: true });
}
for (const property of ["subarray", "set", "slice", "fill", "at", "values"]) {
  TypedArray.prototype[property] = hostile;
}
TypedArray.prototype[Symbol.iterator] = hostile;
for (const maker of [Uint8Array, Uint32Array, Int32Array, BigUint64Array, TypedArray]) {
  maker.of = maker.from = hostile as never;
}
const scope = globalThis as Record<string, unknown>;
const huge = BigInt(70_000);
for (const math of ["min", "max", "floor", "ceil", "trunc"] as const) Math[math] = hostile as never;
Reflect.apply = hostile as never;
Reflect.construct = hostile as never;
scope.BigInt = () => huge;
for (const global of ["Number", "String", "Uint8Array", "Uint32Array", "Int32Array"]) {
  scope[global] = hostile;
}
for (const global of ["Uint16Array", "BigUint64Array", "ArrayBuffer", "DataView", "Array"]) {
  scope[global] = hostile;
}
scope.Math =
  scope.Reflect =
  scope.Object =
  scope.TextEncoder =
    undefined;

const problems: string[] = [];
function attempt(what: string, run: () => unknown): void {
  try {
    run();
  } catch (error) {
    // Refusing is right; what counts is that nothing else was written.
    if ((error as Error).name === "RangeError") problems[problems.length] = `${what}: ${error}`;
  }
  for (let i = 0; i < 3; i++) {
    if (!buffers[i]!.isIntact()) problems[problems.length] = `${what} wrote beyond a buffer`;
  }
}

attempt("send", () => sockets.send(there, long));
attempt("receive", () => sockets.receive(here, forStream.inner));
if (forStream.inner[0] !== 0) problems[problems.length] = "receive took nothing";
attempt("pollHere", () => sockets.pollHere(forEntry.inner, 0));
attempt("localName", () => sockets.localName(here));
attempt("accept", () => sockets.accept(here));
attempt("setNoDelay", () => sockets.setNoDelay(here, true));
attempt("socketPair", () => sockets.socketPair());
attempt("socketErrno", () => sockets.socketErrno());
attempt("ReadySet", () => new sockets.ReadySet().arm(here, 1));
const socket = batch.datagramSocket(2);
attempt("bind", () => batch.bindDatagrams(socket, name as Uint8Array<ArrayBuffer>, true));
attempt("option", () => batch.setDatagramOption(socket, 1, 2, unused.inner as never));
let bound: Uint8Array | undefined;
attempt("name", () => bound = batch.datagramName(socket));
attempt("datagrams", () => {
  const sending = new batch.SendBatch();
  const small = new Real(4);
  small[0] = 7;
  if (!sending.add(small, bound!)) problems[problems.length] = "nothing was added";
  if (sending.add(small, long)) problems[problems.length] = "a long name was taken";
  if (sending.send(socket, 0) !== 1) {
    problems[problems.length] = `not sent: ${batch.datagramErrno()}`;
  }
  if (sending.send(socket, -1) > 0) problems[problems.length] = "sent from before the first";
  if (sending.send(socket, 64) > 0) problems[problems.length] = "sent from behind the last";
  const taking = new batch.ReceiveBatch();
  if (taking.receive(socket) !== 1) {
    problems[problems.length] = `none came: ${batch.datagramErrno()}`;
  }
  if (taking.datagram(0)[0] !== 7) problems[problems.length] = "another one came";
  taking.name(0);
  taking.sender(0);
});
// A promise whose value is chosen by the attacker, and sets that are closed twice.
let reported = 0;
const ready = new sockets.ReadySet();
ready.arm(here, 1);
class Lying {
  constructor(run: (resolve: (value: unknown) => void) => void) {
    run(() => {});
  }
  then(done: (value: number) => void): void {
    done(5_000_000);
  }
}
const RealPromise = Promise;
defineProperty(RealPromise.prototype, "constructor", { value: Lying });
defineProperty(RealPromise, Symbol.species, { value: Lying });
RealPromise.prototype.then = Lying.prototype.then as never;
attempt("wait", () => ready.wait(() => reported++));
attempt("another wait", () => ready.wait(() => reported++));
later(() => {
  if (reported !== 1) problems[problems.length] = `${reported} descriptors were reported`;
  for (let i = 0; i < 3; i++) attempt("close", () => ready.close());
  attempt("arm", () => ready.arm(here, 1));
  attempt("remove", () => ready.remove(here));
  finish();
}, 200);

/** Prints the result. */
function finish(): void {
  // Code that has the structures in which the system finds addresses can make it write anywhere.
  if (stolen.length > 0) problems[problems.length] = `${stolen.length} buffers were got hold of`;
  for (let i = 0; i < problems.length; i++) print(problems[i]);
  if (problems.length === 0) print("intact");
  exit(problems.length === 0 ? 0 : 1);
}

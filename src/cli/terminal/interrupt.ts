/**
 * INT and TERM: the first asks the command to end, the second ends it.
 *
 * @module
 */

const NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;

/** The user or the system asked the command to end. */
export class InterruptedError extends Error {
  /** Its name. */
  override readonly name = "InterruptedError";
  /** The exit status by the shell's rule: 128 and the number of the signal. */
  readonly status: number;
  /** @param signal Which signal asked. */
  constructor(signal: keyof typeof NUMBERS) {
    super(`stopped by ${signal}`);
    this.status = 128 + NUMBERS[signal];
  }
}

/**
 * Takes INT and TERM over.
 *
 * @param first Called for the first of them.
 * @param second Called for the second; a signal that comes again may not wait for anything.
 * @returns Gives the signals back.
 */
export function onInterrupt(
  first: (signal: keyof typeof NUMBERS) => void,
  second: (status: number) => void = endNow,
): () => void {
  let count = 0;
  const listeners = (["SIGINT", "SIGTERM"] as const).map((signal) => {
    const listener = (): void => {
      if (count++ === 0) first(signal);
      else second(128 + NUMBERS[signal]);
    };
    Deno.addSignalListener(signal, listener);
    return () => Deno.removeSignalListener(signal, listener);
  });
  launcher()?.postMessage({ call: "signals" });
  return () => listeners.forEach((remove) => remove());
}

/**
 * Takes a signal over, such as HUP, which asks a server to read its configuration again, or USR2, which asks
 * for its status (USR1 belongs to the runtime's debugger), or WINCH, which says that a terminal has another size.
 *
 * @param signal Which.
 * @param listener Called at each.
 * @returns Gives the signal back when it is disposed of.
 */
export function onSignal(
  signal: "SIGHUP" | "SIGUSR2" | "SIGWINCH",
  listener: () => void,
): Disposable {
  Deno.addSignalListener(signal, listener);
  return { [Symbol.dispose]: () => Deno.removeSignalListener(signal, listener) };
}

/** Ends the process, also from inside the sandbox's Worker, whose own exit would not. */
function endNow(status: number): void {
  const beside = launcher();
  if (beside === undefined) Deno.exit(status);
  beside.postMessage({ call: "ended", status });
}

/** The signals that are passed to the launcher, in the words of its calls. */
type SignalCall = { readonly call: "signals" } | {
  readonly call: "ended";
  readonly status: number;
};

/** Who started the sandbox's Worker that this runs in; undefined in a process of one's own. */
function launcher(): { postMessage(call: SignalCall): void } | undefined {
  if (!("postMessage" in globalThis && "WorkerGlobalScope" in globalThis)) return undefined;
  return globalThis as unknown as { postMessage(call: SignalCall): void };
}

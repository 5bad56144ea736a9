/**
 * The time of an in-memory network: real, or virtual so that hours pass in no time.
 *
 * @module
 */

/** Runs things later, in the order of their times. */
export interface Clock {
  /** Milliseconds since the clock began. */
  now(): number;
  /** Calls `run` at that time; calls of the same time keep their order. */
  at(time: number, run: () => void): void;
}

/** The time of the wall; its timers do not keep the process alive. */
export function realClock(): Clock {
  const start = performance.now();
  const now = (): number => performance.now() - start;
  return {
    now,
    at(time, run): void {
      Deno.unrefTimer(setTimeout(run, Math.max(0, time - now())));
    },
  };
}

/** Pending calls, the soonest first. */
class Agenda {
  readonly #events: { readonly time: number; readonly run: () => void }[] = [];

  /** When the next event is; `Infinity` if there is none. */
  get next(): number {
    return this.#events[0]?.time ?? Infinity;
  }

  add(time: number, run: () => void): void {
    let index = this.#events.length;
    while (index > 0 && this.#events[index - 1]!.time > time) index--;
    this.#events.splice(index, 0, { time, run });
  }

  runNext(): void {
    this.#events.shift()?.run();
  }
}

/** A time that jumps to the next event as soon as nothing else is left to run. */
export function virtualClock(): Clock {
  const agenda = new Agenda();
  let time = 0;
  let armed = false;
  const arm = (): void => {
    if (armed || agenda.next === Infinity) return;
    armed = true;
    setTimeout(step, 0);
  };
  const step = (): void => {
    armed = false;
    if (agenda.next === Infinity) return;
    time = Math.max(time, agenda.next);
    agenda.runNext();
    arm();
  };
  return {
    now: () => time,
    at(when, run): void {
      agenda.add(when, run);
      arm();
    },
  };
}

/**
 * A clock that stops until a test advances it: data that a network delays by an hour arrives when the
 * test advances the clock by an hour, and not before.
 *
 * @example An answer that takes a minute
 * ```ts
 * import { memoryNetwork, TestClock } from "@netwright/netwright/testing";
 * const clock = new TestClock();
 * const network = memoryNetwork({ delayMs: 60_000, time: clock });
 * using listener = network.listen({ port: 7 });
 * const accepted = listener.accept();
 * using client = await network.connect({ port: 7 });
 * using server = await accepted;
 * await server.write(Uint8Array.of(42));
 * let arrived = false;
 * const reading = client.read(new Uint8Array(1)).then(() => arrived = true);
 * await clock.advance(59_999);
 * if (arrived) throw new Error("too early");
 * await clock.advance(1);
 * await reading;
 * ```
 */
export class TestClock implements Clock {
  readonly #agenda = new Agenda();
  #time = 0;

  /** Milliseconds that the test let pass. */
  now(): number {
    return this.#time;
  }

  /**
   * Calls `run` when the time has come.
   * @param time Milliseconds on this clock; a time in the past runs at the next {@link advance}.
   * @param run What to do.
   */
  at(time: number, run: () => void): void {
    this.#agenda.add(time, run);
  }

  /**
   * Advances the time: runs due calls, in order, and lets the program react to each before the next.
   * @param ms How much, in milliseconds, 0 or more.
   * @throws {RangeError} If time should run backwards.
   */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0)) throw new RangeError("time does not run backwards");
    const end = this.#time + ms;
    await settle();
    while (this.#agenda.next <= end) {
      this.#time = Math.max(this.#time, this.#agenda.next);
      this.#agenda.runNext();
      await settle();
    }
    this.#time = end;
  }
}

/** Lets everything run that waits for nothing but its turn. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

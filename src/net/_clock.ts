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

/** A time that jumps to the next event as soon as nothing else is left to run. */
export function virtualClock(): Clock {
  const events: { time: number; run: () => void }[] = [];
  let time = 0;
  let armed = false;
  const arm = (): void => {
    if (armed || events.length === 0) return;
    armed = true;
    setTimeout(step, 0);
  };
  const step = (): void => {
    armed = false;
    const next = events.shift();
    if (next === undefined) return;
    time = Math.max(time, next.time);
    next.run();
    arm();
  };
  return {
    now: () => time,
    at(when, run): void {
      let index = events.length;
      while (index > 0 && events[index - 1]!.time > when) index--;
      events.splice(index, 0, { time: when, run });
      arm();
    },
  };
}

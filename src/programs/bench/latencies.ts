/**
 * How long answers took: every one counts, in constant memory.
 *
 * @module
 */

/** Latencies in milliseconds, to three digits. */
export interface LatencySummary {
  /** The average. */
  readonly mean: number;
  /** Half of all were as fast. */
  readonly p50: number;
  /** Three quarters were. */
  readonly p75: number;
  /** Nine of ten were. */
  readonly p90: number;
  /** 99 of a hundred were. */
  readonly p99: number;
  /** 999 of a thousand were. */
  readonly p999: number;
  /** The slowest. */
  readonly max: number;
}

/** Collects latencies in a histogram of high dynamic range. */
export interface Latencies {
  /** Counts one, in milliseconds. */
  record(ms: number): void;
  /** Sums up. */
  summary(): LatencySummary;
  /** Gives all in a form that another thread can {@link merge}. */
  encode(): string;
  /** Adds the encoded latencies of another thread. */
  merge(encoded: string): void;
}

/** Maximum latency that is distinguished, in microseconds. */
const MAX_US = 3_600_000_000;

/**
 * Makes an empty collection.
 * @returns It; the npm package behind it is loaded now, for those who need it only.
 */
export async function openLatencies(): Promise<Latencies> {
  // It is CommonJS: bundled, all of its exports are under this name only.
  const { default: hdr } = await import("hdr-histogram-js");
  const histogram = hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: MAX_US,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
  const at = (percentile: number): number => histogram.getValueAtPercentile(percentile) / 1000;
  return {
    record: (ms) => histogram.recordValue(Math.min(MAX_US, Math.max(1, Math.round(ms * 1000)))),
    summary: () => ({
      mean: Math.round(histogram.mean) / 1000,
      p50: at(50),
      p75: at(75),
      p90: at(90),
      p99: at(99),
      p999: at(99.9),
      max: histogram.maxValue / 1000,
    }),
    encode: () => hdr.encodeIntoCompressedBase64(histogram),
    merge: (encoded) => histogram.add(hdr.decodeFromCompressedBase64(encoded, 64, false)),
  };
}

/**
 * Bars beside names, as SVG.
 *
 * @module
 */

/** The content of a chart. */
export interface Bars {
  /** The unit of the numbers. */
  readonly title: string;
  /** One bar, or one of each series, for each name, from top to bottom. */
  readonly names: readonly string[];
  /** The numbers. */
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  /** Whether each step of the axis is ten times the last. */
  readonly logarithmic?: boolean;
}

/** For which screen. */
export type Theme = "light" | "dark";

const COLOURS = {
  light: { text: "#1f2328", line: "#d1d9e0", bars: ["#0969da", "#bc4c00"] },
  dark: { text: "#e6edf3", line: "#3d444d", bars: ["#58a6ff", "#f0883e"] },
} as const;

const WIDTH = 860;
const FONT = "system-ui, sans-serif";

/**
 * Draws bars.
 *
 * @param bars What.
 * @param theme For which screen.
 * @returns An SVG element without a background.
 */
export async function barChart(bars: Bars, theme: Theme): Promise<string> {
  const { init } = await import("echarts");
  const { text, line, bars: colours } = COLOURS[theme];
  const { names, series, title, logarithmic = false } = bars;
  const height = 90 + names.length * series.length * 20 + names.length * 8;
  // The widths of letters are the reader's browser's; this suits wide ones too.
  const longest = Math.max(...names.map((name) => name.length));
  const lowest = decadeBelow(series.flatMap(({ values }) => values));
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    color: [...colours],
    textStyle: { fontFamily: FONT, color: text },
    title: { text: title, left: 0, textStyle: { color: text, fontSize: 15, fontWeight: "normal" } },
    legend: {
      show: series.length > 1,
      right: 30,
      itemGap: 40,
      textStyle: { color: text },
      data: series.map(({ name }) => name),
    },
    grid: { left: 20 + 8 * longest, right: 60, top: 40, bottom: 30 },
    xAxis: {
      type: logarithmic ? "log" : "value",
      // Bars of a logarithmic axis begin at 1 by default.
      ...(logarithmic && { min: lowest, startValue: lowest }),
      axisLabel: { color: text },
      splitLine: { lineStyle: { color: line } },
    },
    yAxis: {
      type: "category",
      data: [...names],
      inverse: true,
      axisLabel: { color: text, fontSize: 13 },
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
    },
    series: series.map(({ name, values }) => ({
      name,
      type: "bar",
      barMaxWidth: 18,
      // A logarithmic axis has no place for nothing.
      data: values.map((value) => logarithmic && value <= 0 ? null : value),
      label: { show: true, position: "right", color: text, formatter: format },
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function format({ value }: { readonly value: unknown }): string {
  const number = Number(value);
  if (number >= 100) return Math.round(number).toLocaleString("en");
  return number.toPrecision(2);
}

/** The power of ten at or below the smallest of the numbers that are not zero. */
function decadeBelow(values: readonly number[]): number {
  const smallest = Math.min(...values.filter((value) => value > 0));
  return Number.isFinite(smallest) ? 10 ** Math.floor(Math.log10(smallest)) : 1;
}

/**
 * The comparison of the models as one page that needs nothing else: charts are drawn here, as SVG.
 *
 * @module
 */

import { escapeMarkup } from "../../net/internal.ts";
import { barChart, type Bars, type Theme } from "./bar_chart.ts";
import type { ModelMeasure } from "./models.ts";

const THEMES: readonly Theme[] = ["light", "dark"];

/**
 * Writes the page.
 *
 * @param measures The results.
 * @param now When.
 * @returns HTML, with charts for light and dark screens.
 */
export async function modelsPage(
  measures: readonly ModelMeasure[],
  now: Date = new Date(),
): Promise<string> {
  const loads = [...new Set(measures.map(({ load }) => load))];
  const sections: string[] = [];
  for (const load of loads) {
    const own = measures.filter((measure) => measure.load === load);
    sections.push(`<section>
<h2>${escapeMarkup(load)}</h2>
${await chart(throughput(own))}
${await chart(latency(own))}
${table(own)}
</section>`);
  }
  const date = now.toISOString().replace(/T(\d\d:\d\d).*/, " $1 UTC");
  return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Server models compared</title>
<style>${STYLE}</style>
<h1>Server models compared</h1>
<p>Measured by <code>netwright bench models</code> on ${date}. Servers and clients shared one machine;
each number is the median of its runs.</p>
${sections.join("\n")}
</html>
`;
}

function throughput(measures: readonly ModelMeasure[]): Bars {
  return {
    title: "requests per second, more is better",
    names: measures.map(({ model }) => model),
    series: [{ name: "median", values: measures.map(({ perSecond }) => perSecond) }],
  };
}

function latency(measures: readonly ModelMeasure[]): Bars {
  return {
    title: "latency in milliseconds, less is better",
    names: measures.map(({ model }) => model),
    series: [
      { name: "half within", values: measures.map(({ latencyMs }) => latencyMs.p50) },
      { name: "99 % within", values: measures.map(({ latencyMs }) => latencyMs.p99) },
    ],
    logarithmic: true,
  };
}

/** The same chart for each theme; the style sheet shows one of them. */
async function chart(bars: Bars): Promise<string> {
  const charts = await Promise.all(
    THEMES.map(async (theme) => `<div class="${theme}">${await barChart(bars, theme)}</div>`),
  );
  return `<figure role="img" aria-label="${escapeMarkup(bars.title)}">${
    charts.join("\n")
  }</figure>`;
}

function table(measures: readonly ModelMeasure[]): string {
  const rows = measures.map(({ model, perSecond, runs, latencyMs: { p50, p99, max }, errors }) => {
    const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
    const cells = [
      perSecond.toFixed(0),
      runs.map((run) => run.toFixed(0)).join(" "),
      p50.toFixed(2),
      p99.toFixed(2),
      max.toFixed(1),
      failed,
    ];
    return `<tr><th scope="row">${escapeMarkup(model)}</th>${
      cells.map((cell) => `<td>${cell}</td>`).join("")
    }</tr>`;
  });
  const headings = ["model", "per second", "runs", "50 % (ms)", "99 % (ms)", "max (ms)", "failed"];
  return `<div class="scroll"><table>
<thead><tr>${headings.map((text) => `<th scope="col">${text}</th>`).join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>`;
}

const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --back: #ffffff; --line: #d1d9e0; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --back: #0d1117; --line: #3d444d; } }
body { margin: 2rem auto; max-width: 56rem; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif;
  color: var(--text); background: var(--back); }
h2 { margin-top: 2.5rem; }
figure { margin: 1rem 0; }
svg { width: 100%; height: auto; }
.dark { display: none; }
@media (prefers-color-scheme: dark) { .dark { display: block; } .light { display: none; } }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.9rem; width: 100%; }
th, td { padding: 0.25rem 0.75rem; border-bottom: 1px solid var(--line); text-align: right;
  font-variant-numeric: tabular-nums; white-space: nowrap; }
th:first-child { text-align: left; }
`;

/**
 * The comparison of the models as one page that needs nothing else.
 *
 * @module
 */
import type { ModelMeasure } from "./models.ts";
export async function modelsPage(measures: readonly ModelMeasure[]): Promise<string> {
  await import("echarts");
  return JSON.stringify(measures);
}

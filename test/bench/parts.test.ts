import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { aims } from "../../bench/aims.ts";
import type { Figure } from "../../bench/figure.ts";
import { parts } from "../../bench/parts/index.ts";
import { resultsDocument } from "../../bench/table.ts";
import { type Scale, Workbench } from "../../bench/workbench.ts";

/** That each part measures something, at a size at which what it measures means nothing. */

const tiny: Scale = {
  rounds: 1,
  reads: 100,
  pages: 20,
  singleWrites: 2,
  tenants: 3,
  few: 60,
  many: 120,
  syncSeconds: 0.05,
  settleSeconds: 0,
};
const figures: Figure[] = [];

describe("every part of the benchmark gives figures", { concurrency: true }, () => {
  for (const [name, measure] of Object.entries(parts)) {
    test(name, async () => {
      const bench = new Workbench(tiny, () => undefined);
      try {
        const measured = await measure(bench);
        assert.ok(measured.length > 0);
        for (const { value, p50 = 1, p99 = 1, ratio = 1 } of measured) {
          for (const number of [value, p50, p99, ratio]) assert.ok(Number.isFinite(number) && number > 0, JSON.stringify(measured));
        }
        figures.push(...measured);
      } finally {
        await bench.stop();
      }
    });
  }
});

test("figures have different ids, and each aim is judged on a figure that has what it is about", () => {
  assert.equal(new Set(figures.map(({ id }) => id)).size, figures.length);
  for (const { figure, of } of aims) assert.equal(typeof figures.find(({ id }) => id === figure)?.[of], "number", `${figure} ${of}`);
  const rows = resultsDocument([["date", "today"]], figures).split("\n");
  assert.equal(rows.filter((row) => /: (reached|missed)/.test(row)).length, new Set(aims.map(({ figure }) => figure)).size);
});

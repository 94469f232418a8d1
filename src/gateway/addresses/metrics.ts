import { address } from "./address.ts";

/** Figures for those who watch a server. */

const read = address({
  method: "GET",
  path: "/metrics",
  summary: "Metrics for Prometheus: requests, commits, resources, tasks, events, store, process.",
  answers: { description: "In Prometheus' text format.", contentType: "text/plain" },
  handle: async ({ behind: { metrics }, reply }) => reply.type(metrics.contentType).send(await metrics.text()),
});

export const metricsAddresses = [read];

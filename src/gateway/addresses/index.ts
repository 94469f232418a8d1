import { accountAddresses } from "./accounts.ts";
import type { Address } from "./address.ts";
import { clockAddresses } from "./clock.ts";
import { contractAddresses } from "./contract.ts";
import { recordingAddresses } from "./recording.ts";
import { requestAddresses } from "./requests.ts";
import { resourceAddresses } from "./resources.ts";
import { serverAddresses } from "./server.ts";
import { settingsAddresses } from "./settings.ts";

/** All of Linkspan's own addresses, in the order in which they are documented. */
export const addresses: readonly Address[] = [
  ...serverAddresses,
  ...contractAddresses,
  ...requestAddresses,
  ...clockAddresses,
  ...accountAddresses,
  ...settingsAddresses,
  ...resourceAddresses,
  ...recordingAddresses,
];

/** Addresses that the design has and this version has not, with what they would be. They answer 501. */
export const unbuilt: Readonly<Record<string, string>> = {
  metrics: "metrics",
  events: "the event stream",
  faults: "faults on demand",
  snapshots: "snapshots",
  topology: "the network graph",
  paths: "path questions",
  impact: "impact questions",
};

import { accountAddresses } from "./accounts.ts";
import type { Address } from "./address.ts";
import { auditAddresses } from "./audit.ts";
import { clockAddresses } from "./clock.ts";
import { contractAddresses } from "./contract.ts";
import { eventAddresses } from "./events.ts";
import { metricsAddresses } from "./metrics.ts";
import { faultAddresses } from "./faults.ts";
import { historyAddresses } from "./history.ts";
import { recordingAddresses } from "./recording.ts";
import { requestAddresses } from "./requests.ts";
import { resourceAddresses } from "./resources.ts";
import { serverAddresses } from "./server.ts";
import { settingsAddresses } from "./settings.ts";
import { snapshotAddresses } from "./snapshots.ts";

/** All of Linkspan's own addresses, in the order in which they are documented. */
export const addresses: readonly Address[] = [
  ...serverAddresses,
  ...metricsAddresses,
  ...contractAddresses,
  ...requestAddresses,
  ...eventAddresses,
  ...auditAddresses,
  ...clockAddresses,
  ...accountAddresses,
  ...settingsAddresses,
  ...resourceAddresses,
  ...recordingAddresses,
  ...faultAddresses,
  ...snapshotAddresses,
  ...historyAddresses,
];

/** Addresses that the design has and this version has not, with what they would be. They answer 501. */
export const unbuilt: Readonly<Record<string, string>> = {
  topology: "the network graph",
  paths: "path questions",
  impact: "impact questions",
};

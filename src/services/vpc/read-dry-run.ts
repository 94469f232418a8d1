import { gatewayErrors } from "../../contract/gateway-errors.ts";
import type { Rule } from "../../contract/operation.ts";

/** Some reads of this family take `DryRun` too. A dry run of a read that would succeed answers as every dry run does. */
export const dryRunRule: Rule<{ readonly input: { readonly DryRun: boolean } }> = {
  rule: "the call is not a dry run",
  error: gatewayErrors.dryRunPassed,
  source: "sdk-metadata",
  holds: ({ input }) => !input.DryRun,
};

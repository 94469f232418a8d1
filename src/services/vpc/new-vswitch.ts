import type { Call, Rule } from "../../contract/operation.ts";
import type { ResourceBase, ResourceWriter } from "../../contract/resource-kind.ts";
import { quotaAdvice } from "../../contract/settings.ts";
import { vSwitchErrors } from "./errors.ts";
import type { Vpc } from "./vpc.ts";
import { type VSwitch, type VSwitchBody, vSwitch } from "./vswitch.ts";

/** What a call decides about a new vSwitch. */
export type NewVSwitch = Pick<VSwitchBody, "zoneId" | "cidrBlock" | "ipv6CidrBlock" | "isDefault"> &
  Partial<Pick<VSwitchBody, "name" | "description">> & { readonly tags?: ResourceBase["tags"] };

/** Creates a vSwitch in a VPC, under its system route table and in its resource group. */
export function addVSwitch(
  state: ResourceWriter,
  vpc: Vpc,
  given: NewVSwitch,
  event: "CreateVSwitch" | "CreateDefaultVSwitch",
): Promise<VSwitch> {
  return state.create(
    vSwitch,
    {
      name: "",
      description: "",
      ...given,
      id: state.newId(vSwitch, vpc.region),
      account: vpc.account,
      region: vpc.region,
      resourceGroups: vpc.resourceGroups,
      vpcId: vpc.id,
      routeTableId: vpc.routeTableId,
      routeTableType: "System",
    },
    event,
  );
}

/** Rule: the VPC has room for another vSwitch. */
export function roomForVSwitch<C extends Pick<Call, "state" | "settings">>(vpcOf: (call: C) => Promise<Vpc | undefined>): Rule<C> {
  return {
    rule: "the VPC has room for another vSwitch (quota VSwitch)",
    error: vSwitchErrors.quota,
    advice: quotaAdvice("VSwitch"),
    holds: async (call) => {
      const owner = await vpcOf(call);
      if (owner === undefined) return true;
      return (await call.state.count(vSwitch, [["vpc", owner.id]])) < call.settings.quota("VSwitch", owner.account, owner.region);
    },
  };
}

import { parseBlock } from "../../contract/cidr.ts";
import type { Call, Rule } from "../../contract/operation.ts";
import { integer, string } from "../../contract/parameters.ts";
import { vSwitchErrors } from "./errors.ts";
import { ipv6Subnet, ipv6SubnetMax } from "./ipv6.ts";
import { ipv6Blocks, type Vpc } from "./vpc.ts";
import { vSwitchesOf } from "./vswitch.ts";

/** How calls ask for an IPv6 block of a vSwitch: its number, and the VPC's block of which it is a part. */
export const ipv6Parameters = {
  Ipv6CidrBlock: integer({ min: 0, max: ipv6SubnetMax, invalid: vSwitchErrors.ipv6Invalid }),
  VpcIpv6CidrBlock: string({ lengthMax: 64 }),
} as const;
interface Wish {
  readonly Ipv6CidrBlock: number | undefined;
  readonly VpcIpv6CidrBlock?: string | undefined;
}

/** Rules: the VPC has what is asked for. */
export function ipv6IsPossible<C extends Pick<Call, "state"> & { readonly input: Wish }>(
  vpcOf: (call: C) => Promise<Vpc | undefined>,
): Rule<C>[] {
  return [
    {
      rule: "an IPv6 block is asked for only in a VPC with IPv6",
      error: vSwitchErrors.ipv6Disabled,
      holds: async (call) => call.input.Ipv6CidrBlock === undefined || (await vpcOf(call))?.ipv6CidrBlock !== "",
      fill: () => ["IPv6 is not enabled for the VPC."],
    },
    {
      rule: "VpcIpv6CidrBlock, if given, is an IPv6 block of the VPC",
      error: vSwitchErrors.vpcIpv6BlockInvalid,
      holds: async (call) => {
        const { VpcIpv6CidrBlock: given } = call.input;
        const owner = await vpcOf(call);
        return given === undefined || (owner !== undefined && ipv6Blocks(owner).includes(parseBlock(given, { version: 6 }) ?? ""));
      },
      fill: () => ["The VpcIpv6CidrBlock is not an IPv6 CIDR block of the VPC."],
    },
  ];
}

/** Rule: no vSwitch of the VPC has the block that is asked for. Judged when the VPC is steady. */
export function ipv6BlockIsFree<C extends Pick<Call, "state"> & { readonly input: Wish }>(
  vpcOf: (call: C) => Promise<Vpc | undefined>,
): Rule<C> {
  return {
    rule: "no vSwitch of the VPC has the IPv6 block",
    error: vSwitchErrors.ipv6Taken,
    holds: async (call) => {
      const owner = await vpcOf(call);
      if (owner === undefined || call.input.Ipv6CidrBlock === undefined) return true;
      const wanted = ipv6BlockOf(call.input, owner);
      return (await vSwitchesOf(call.state, owner.id)).every((other) => other.ipv6CidrBlock !== wanted);
    },
    fill: () => ["The IPv6 CIDR block is used by another vSwitch."],
  };
}

/** The IPv6 block that a call asks for; the empty string for none. */
export function ipv6BlockOf({ Ipv6CidrBlock: number, VpcIpv6CidrBlock: within }: Wish, vpc: Vpc): string {
  return number === undefined ? "" : ipv6Subnet(parseBlock(within ?? vpc.ipv6CidrBlock, { version: 6 }) ?? vpc.ipv6CidrBlock, number);
}

import { structure, text } from "../../contract/response.ts";
import type { Vpc } from "./vpc.ts";

/** Fields of a VPC that its read and its list show alike. */

export const tagShape = structure({ Key: text, Value: text });

export function dnsHostnameStatus(vpc: Vpc): string {
  return vpc.dnsHostname ? "ENABLED" : "DISABLED";
}
export function ipv6BlockList(vpc: Vpc): { Ipv6CidrBlock: string; Ipv6Isp: string }[] {
  return vpc.ipv6CidrBlock === "" ? [] : [{ Ipv6CidrBlock: vpc.ipv6CidrBlock, Ipv6Isp: vpc.ipv6Isp }];
}

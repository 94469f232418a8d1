import { boolean, string } from "../../../contract/parameters.ts";
import { bgpKey } from "../../vpn/parameters.ts";
import { bgpGroupErrors } from "./errors.ts";

/** Parameters that the operations on BGP groups and peers share. */

/** Name of a new group; a change is freer. */
export const groupName = string({
  lengthMax: 128,
  pattern: /^(?!https?:\/\/)\p{L}[\p{L}\p{N}._-]+$/u,
  invalid: bgpGroupErrors.nameMalformed,
  description: "2 to 128 letters, digits, dots, underscores and hyphens, beginning with a letter",
});

/** No document says what the key can hold: this is what the same key can in a VPN. */
export const groupAuthKey = bgpKey(bgpGroupErrors.authKeyMalformed);

export const isDefault = boolean({
  default: false,
  description: "true for groups that the cloud has made by itself, of which there are none here",
});

const ipVersionOptions = { pattern: /^ipv[46]$/i, description: "IPv4 or IPv6" } as const;
export const groupIpVersion = string({ ...ipVersionOptions, default: "IPv4" });
/** Of a peer: that of its group, unless said. */
export const peerIpVersion = string(ipVersionOptions);
export function isIpv6(version: string): boolean {
  return version.endsWith("6");
}

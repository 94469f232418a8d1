import { isIPv4 } from "node:net";
import { parseBlock } from "../../contract/cidr.ts";
import { optionalId } from "../../contract/common-parameters.ts";
import { type ErrorDefinition, invalidParameter } from "../../contract/errors.ts";
import { boolean, type InputOf, integer, json, list, object, type Parameter, string } from "../../contract/parameters.ts";
import { asn } from "./asn.ts";
import { connectionErrors } from "./errors.ts";

/** Parameters of IPsec-VPN connections: of the connection as a whole, and of each of its tunnels. */

const authAlgorithms = ["md5", "sha1", "sha256", "sha384", "sha512"];
const encryptions = ["aes", "aes192", "aes256", "des", "3des"];
const groups = ["group1", "group2", "group5", "group14"];
/** Seconds. */
const lifetime = integer({ min: 0, max: 86_400 });
/** Identifiers of the two ends in phase 1. */
const endId = string({ lengthMax: 100, pattern: /^\S+$/, description: "1 to 100 characters without blanks" });

function oneOf(values: readonly string[], options: { readonly invalid?: ErrorDefinition } = {}): Parameter<string | undefined> {
  return string({ ...options, pattern: new RegExp(`^(${values.join("|")})$`), description: values.join(", ") });
}

const ikeFields = {
  Psk: string({
    lengthMax: 100,
    pattern: /^[\x21-\x26\x28-\x7e]+$/,
    secret: true,
    description: "1 to 100 ASCII characters without blank and apostrophe",
  }),
  IkeVersion: oneOf(["ikev1", "ikev2"]),
  IkeMode: oneOf(["main", "aggressive"]),
  IkeEncAlg: oneOf(encryptions),
  IkeAuthAlg: oneOf(authAlgorithms),
  IkePfs: oneOf(groups),
  IkeLifetime: lifetime,
  LocalId: endId,
  RemoteId: endId,
} as const;
const ipsecFields = {
  IpsecEncAlg: oneOf(encryptions),
  IpsecAuthAlg: oneOf(authAlgorithms, { invalid: connectionErrors.authAlgUnknown }),
  IpsecPfs: oneOf(["disabled", ...groups], { invalid: connectionErrors.pfsUnknown }),
  IpsecLifetime: lifetime,
} as const;
const certificate = string({ lengthMax: 8192, multiline: true });

/** The cloud's end of a BGP session. */
function bgpFields(asnInvalid: ErrorDefinition) {
  return {
    // Clients send 0 where nothing was said.
    LocalAsn: string({
      valid: (given) => given === "0" || asn(given) !== undefined,
      invalid: asnInvalid,
      description: "1 to 4294967295, also as two decimal halves joined by a dot",
    }),
    TunnelCidr: string({
      valid: (given) => parseBlock(given, { version: 4 }) !== undefined,
      invalid: connectionErrors.tunnelCidrMalformed,
      description: "a /30 block of 169.254.0.0/16",
    }),
    LocalBgpIp: string({ valid: isIPv4, invalid: connectionErrors.localBgpIpMalformed, description: "an address of TunnelCidr" }),
  } as const;
}

/** What can be said of a tunnel, whether a connection is created or changed. */
function tunnelFields(asnInvalid: ErrorDefinition) {
  return {
    CustomerGatewayId: optionalId,
    EnableDpd: boolean(),
    EnableNatTraversal: boolean(),
    RemoteCaCertificate: certificate,
    TunnelBgpConfig: object(bgpFields(asnInvalid)),
    TunnelIkeConfig: object(ikeFields),
    TunnelIpsecConfig: object(ipsecFields),
  } as const;
}
const tunnelsMax = 2;
const ofMany = tunnelFields(connectionErrors.localAsnInvalid);
const tunnelRole = string({ pattern: /^(master|slave)$/, invalid: connectionErrors.roleInvalid, description: "master or slave" });
const tunnelList = { itemsMax: tunnelsMax, invalid: invalidParameter("TunnelOptionsSpecification") } as const;

/** `TunnelOptionsSpecification` of CreateVpnConnection. */
export const newTunnels = list(object({ ...ofMany, Role: tunnelRole }), tunnelList);
/** The same of ModifyVpnConnectionAttribute, which names tunnels that are there. */
export const changedTunnels = list(object({ TunnelId: optionalId, ...ofMany, Role: tunnelRole }), tunnelList);
/** Tunnels of attachments go by number. Clients send a role too, and 0 where no number was said. */
const { RemoteCaCertificate: _certificate, ...ofAttachment } = ofMany;
const tunnelIndex = integer({ min: 0, max: tunnelsMax });
export const newAttachmentTunnels = list(object({ ...ofAttachment, Role: tunnelRole, TunnelIndex: tunnelIndex }), tunnelList);
export const changedAttachmentTunnels = list(
  object({ TunnelId: optionalId, ...ofAttachment, Role: tunnelRole, TunnelIndex: tunnelIndex }),
  tunnelList,
);
/** `TunnelOptionsSpecification` of ModifyTunnelAttribute: of one tunnel. */
export const oneTunnel = object(tunnelFields(connectionErrors.localAsnInvalidOfTunnel));

/** What a call says of one tunnel. What it does not say stays, or takes its default. */
export type GivenTunnel = Partial<InputOf<typeof ofMany>> & {
  readonly TunnelId?: string | undefined;
  readonly TunnelIndex?: number | undefined;
  readonly Role?: string | undefined;
};

/** Blocks that one side of a connection can name. */
const blocksMax = 5;
/** Blocks joined by commas. */
export function subnet<const O extends { readonly required?: boolean }>(invalid: ErrorDefinition, options: O) {
  return string({
    ...options,
    lengthMax: 1024,
    valid: (given) =>
      blocksOf(given).length <= blocksMax && blocksOf(given).every((block) => parseBlock(block, { version: 4 }) !== undefined),
    invalid,
    description: `up to ${blocksMax} address blocks joined by commas`,
  });
}
/** The blocks of `LocalSubnet` or `RemoteSubnet`. */
export function blocksOf(given: string): string[] {
  return given.split(",").map((block) => block.trim());
}

/** Seconds between the probes of a health check, and probes before it fails. */
const healthCheckNumber = integer({ min: 1, max: 86_400 });
/** Parameters of the connection as a whole, alike in its creation and its changes. */
export const wholeConnection = {
  EffectImmediately: boolean(),
  IkeConfig: json(ikeFields, { secret: true }),
  IpsecConfig: json(ipsecFields),
  HealthCheckConfig: json({
    enable: boolean(),
    dip: string({ valid: isIPv4, description: "an IPv4 address" }),
    sip: string({ valid: isIPv4, description: "an IPv4 address" }),
    interval: healthCheckNumber,
    retry: healthCheckNumber,
    Policy: string({ pattern: /^(revoke_route|reserve_route)$/, description: "revoke_route or reserve_route" }),
  }),
  AutoConfigRoute: boolean(),
  EnableDpd: boolean(),
  EnableNatTraversal: boolean(),
  BgpConfig: json({ EnableBgp: boolean(), ...bgpFields(connectionErrors.localAsnInvalid) }, { invalid: connectionErrors.bgpInvalid }),
  EnableTunnelsBgp: boolean(),
} as const;
export type WholeConnection = InputOf<typeof wholeConnection>;

/** What a call says of the only tunnel of a single-tunnel connection: it stands in the connection's own parameters. */
export function givenSingleTunnel(input: WholeConnection & { readonly CustomerGatewayId?: string | undefined }): GivenTunnel {
  return {
    CustomerGatewayId: input.CustomerGatewayId,
    EnableDpd: input.EnableDpd,
    EnableNatTraversal: input.EnableNatTraversal,
    ...(input.BgpConfig === undefined ? {} : { TunnelBgpConfig: input.BgpConfig }),
    ...(input.IkeConfig === undefined ? {} : { TunnelIkeConfig: input.IkeConfig }),
    ...(input.IpsecConfig === undefined ? {} : { TunnelIpsecConfig: input.IpsecConfig }),
  };
}
export { certificate as certificateParameter };

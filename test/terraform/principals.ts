import { mayAssume, roleWith, type Statement, userWith } from "../support/principals.ts";
import { accepterKey, requesterKey, type TestServer } from "../support/server.ts";
import type { Variables } from "./terraform.ts";

/** Whom configurations call as, instead of the roots of accounts: users and roles that may do what their configurations need and no more. */

/** What whoever takes a role has to know. */
const externalId = "terraform/of:network";
const knowsExternalId = { StringEquals: { "sts:ExternalId": [externalId] } };

const allow = (Action: readonly string[], Resource: string): Statement => ({ Effect: "Allow", Action, Resource });

/** VPCs of an account in one region, from their creation to their deletion. */
function vpcs(account: string, region: string): Statement[] {
  const inRegion = `acs:vpc:${region}:${account}`;
  return [
    allow(["vpc:CreateVpc", "vpc:DescribeVpcAttribute", "vpc:ModifyVpcAttribute", "vpc:DeleteVpc"], `${inRegion}:vpc/*`),
    allow(["vpc:DescribeRouteTableList"], `${inRegion}:routetable/*`),
    // Calls about tags have no resource level, nor have those about peerings but one.
    allow(["vpc:TagResources", "vpc:UnTagResources"], "*"),
  ];
}
/** Peering connections of an account, which it asks for or accepts. Terraform deletes one from the side that comes first. */
function peerings(account: string, begin: "CreateVpcPeerConnection" | "AcceptVpcPeerConnection"): Statement[] {
  return [
    allow([`vpc:${begin}`, "vpc:ModifyVpcPeerConnection", "vpc:DeleteVpcPeerConnection"], "*"),
    allow(["vpc:GetVpcPeerConnectionAttribute"], `acs:vpc:*:${account}:vpcpeer/*`),
  ];
}

/** A user who may do nothing but take a role, and the role, which may build VPCs and peer them in one account. */
export async function networkRole({ requester }: TestServer): Promise<Variables> {
  const { account } = requesterKey;
  const role = await roleWith(
    requester,
    [...vpcs(account, "cn-hangzhou"), ...peerings(account, "CreateVpcPeerConnection")],
    [account],
    knowsExternalId,
  );
  const { caller } = await userWith(requester, { ...mayAssume, Resource: role.arn });
  return { key_id: caller.key.id, key_secret: caller.key.secret, role_arn: role.arn, external_id: externalId };
}

/** A user of one account who may ask for a peering, and who takes a role in the other account that may accept it. */
export async function peeringPrincipals({ requester, accepter }: TestServer): Promise<Variables> {
  const [own, other] = [requesterKey.account, accepterKey.account];
  const theirs = [...vpcs(other, "cn-beijing"), ...peerings(other, "AcceptVpcPeerConnection")];
  const role = await roleWith(accepter, theirs, [own], knowsExternalId);
  const ours = [...vpcs(own, "cn-hangzhou"), ...peerings(own, "CreateVpcPeerConnection")];
  const { caller } = await userWith(requester, { ...mayAssume, Resource: role.arn }, ...ours);
  const { id: key_id, secret: key_secret } = caller.key;
  return { key_id, key_secret, accepter: other, role_arn: role.arn, external_id: externalId };
}

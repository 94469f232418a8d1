import type { PolicyBody } from "./policy.ts";
import type { Resource } from "../../../contract/resource-kind.ts";

/**
 * The policies that every account finds ready-made. Each documented one has a page of its own that gives its description, times, version
 * and document: `https://www.alibabacloud.com/help/en/ram/developer-reference/<name in lower case>`. Of their versions the current one is
 * here. Documents that are `inferred` allow what the policy's published description says.
 */
interface SystemPolicy {
  readonly description: string;
  /** Absent where no page was found. */
  readonly documented?: { readonly created: string; readonly updated: string; readonly version: number };
  /** Each allows its actions on every resource. */
  readonly statements: readonly {
    readonly Action?: string | readonly string[];
    readonly NotAction?: readonly string[];
  }[];
}

/** When the first policies of the system were made; those without a page of their own are taken to be among them. */
const first = { created: "2015-04-28T16:15:45Z", updated: "2015-04-28T16:15:45Z", version: 1 } as const;

const policies: Readonly<Record<string, SystemPolicy>> = {
  // Inferred.
  AdministratorAccess: {
    description: "Provides full access to Alibaba Cloud services and resources.",
    statements: [{ Action: "*" }],
  },
  PowerUserAccess: {
    description:
      "Provides full access to Alibaba Cloud services and resources, but does not allow managing RAM identities and their permissions, managing resource directories and resource sharing relationships, or modifying funds account information.",
    documented: { created: "2025-06-27T09:48:58Z", updated: "2025-09-17T02:26:00Z", version: 2 },
    statements: [
      {
        NotAction: [
          "ram:*",
          "ims:*",
          "resourcemanager:*",
          "resourcesharing:*",
          "cloudsso:*",
          "bss:ModifyAccount",
          "bss:ModifyBillingAccount",
          "bss:ModifyPaymentRelationship",
          "bssapi:ModifyAccountRelation",
        ],
      },
      {
        Action: [
          "ram:ListUserBasicInfos",
          "ram:ListRoles",
          "ram:CreateServiceLinkedRole",
          "ram:DeleteServiceLinkedRole",
          "ram:GetServiceLinkedRoleDeletionStatus",
          "ram:CheckServiceLinkedRoleExistence",
          "resourcemanager:GetAccount",
          "resourcemanager:GetFolder",
          "resourcemanager:GetResourceDirectory",
          "resourcemanager:ListAccounts",
          "resourcemanager:ListFoldersForParent",
          "resourcemanager:ListAccountsForParent",
        ],
      },
      {
        // The page goes on with further calls of resource groups, none of which is here; ListResourceGroups is inferred.
        Action: [
          "ram:CreateResourceGroup",
          "ram:DeleteResourceGroup",
          "ram:UpdateResourceGroup",
          "ram:LookupResourceGroupEvents",
          "ram:EnableAssociatedTransfer",
          "ram:DisableAssociatedTransfer",
          "ram:UpdateAssociatedTransferSetting",
          "ram:ListAssociatedTransferSetting",
          "resourcemanager:EnableAutoGrouping",
          "resourcemanager:DisableAutoGrouping",
          "resourcemanager:UpdateAutoGroupingConfig",
          "resourcemanager:GetAutoGroupingStatus",
          "resourcemanager:CreateAutoGroupingRule",
          "resourcemanager:DeleteAutoGroupingRule",
          "resourcemanager:UpdateAutoGroupingRule",
          "resourcemanager:ListAutoGroupingRules",
          "ram:ListResourceGroups",
        ],
      },
    ],
  },
  // Inferred.
  ReadOnlyAccess: {
    description: "Provides read-only access to Alibaba Cloud services and resources.",
    statements: [{ Action: ["*:Describe*", "*:List*", "*:Get*", "*:BatchGet*", "*:Query*", "*:BatchQuery*"] }],
  },
  AliyunVPCFullAccess: {
    description: "Provides full access to Virtual Private Cloud(VPC) via Management Console.",
    documented: { created: "2015-12-24T01:37:35Z", updated: "2023-04-07T10:06:51Z", version: 12 },
    statements: [
      {
        Action: [
          "vpc:*HaVip*",
          "vpc:*RouteTable*",
          "vpc:*VRouter*",
          "vpc:*RouteEntry*",
          "vpc:*RouteEntries*",
          "vpc:*VSwitch*",
          "vpc:*Vpc*",
          "vpc:*Cen*",
          "vpc:*Tag*",
          "vpc:*NetworkAcl*",
          "vpc:*FlowLog*",
          "vpc:*Ipv4Gateway*",
          "vpc:*PrefixList*",
          "vpc:*DhcpOptionsSet*",
          "vpc:DeletionProtection",
          "vpc:*TagResource*",
          "vpc:MoveResourceGroup",
        ],
      },
    ],
  },
  AliyunVPCReadOnlyAccess: {
    description: "Provides read-only access to Virtual Private Cloud(VPC) via Management Console.",
    documented: { created: "2015-12-24T01:37:20Z", updated: "2025-08-07T10:02:59Z", version: 9 },
    statements: [
      {
        Action: [
          "vpc:DescribeHaVip*",
          "vpc:DescribeRouteTable*",
          "vpc:DescribeRouteEntry*",
          "vpc:DescribeVSwitch*",
          "vpc:DescribeVRouter*",
          "vpc:DescribeVpc*",
          "vpc:Describe*Cen*",
          "vpc:ListTag*",
          "vpc:DescribeTag*",
          "vpc:DescribeNetworkAcl*",
          "vpc:DescribeFlowLog*",
          "vpc:CheckCanAllocateVpcPrivateIpAddress",
          "vpc:ListIpv4Gateways",
          "vpc:GetIpv4GatewayAttribute",
          "vpc:ListDhcpOptionsSets",
          "vpc:GetDhcpOptionsSet",
        ],
      },
    ],
  },
  AliyunVpcPeerFullAccess: {
    description: "VpcPeer All permission policies.",
    documented: { created: "2022-11-29T08:14:27Z", updated: "2022-11-29T08:14:27Z", version: 1 },
    statements: [{ Action: "vpc:*VpcPeer*" }],
  },
  AliyunVpcPeerReadOnlyAccess: {
    description: "VpcPeer Read-only policy.",
    documented: { created: "2022-11-29T08:14:45Z", updated: "2022-11-29T08:14:45Z", version: 1 },
    statements: [{ Action: ["vpc:GetVpcPeer*", "vpc:ListVpcPeer*"] }],
  },
  // Inferred from what its read-only counterpart reads.
  AliyunVPNGatewayFullAccess: {
    description: "Provides full access to VPN Gateway via Management Console.",
    statements: [
      { Action: ["vpc:*Vpn*", "vpc:*CustomerGateway*", "vpc:*TunnelAttribute*", "vpc:*IpsecServer*", "vpc:DescribeVcoRouteEntries"] },
    ],
  },
  AliyunVPNGatewayReadOnlyAccess: {
    description: "Provides read-only access to VPN Gateway via Management Console.",
    documented: { created: "2017-06-19T08:24:58Z", updated: "2026-06-22T11:55:35Z", version: 9 },
    statements: [
      {
        Action: [
          "vpc:DescribeVpnGateway*",
          "vpc:DescribeVpnConnection*",
          "vpc:DescribeCustomerGateway*",
          "vpc:DescribeSslVpnServer*",
          "vpc:DescribeSslVpnClientCert*",
          "vpc:DescribeSslVpnClients",
          "vpc:DescribeVpn*",
          "vpc:GetVpn*",
          "vpc:ListVpn*",
          "vpc:ListIpsecServer*",
          "vpc:DescribeVpnCrossAccountAuthorizations",
          "vpc:DescribeVcoRouteEntries",
          "vpc:DescribeVpnAttachments",
          "vpc:CheckVpnBgpEnabled",
          "vpc:GetVpnReplacementStatus",
          "vpc:DownloadVpnConnectionConfig",
        ],
      },
    ],
  },
  // Inferred from what its read-only counterpart reads.
  AliyunExpressConnectFullAccess: {
    description: "Provides full access to Express Connect via Management Console.",
    statements: [
      {
        Action: [
          "vpc:*PhysicalConnection*",
          "vpc:*VirtualBorder*",
          "vpc:*VbrHa*",
          "vpc:*VBRs",
          "vpc:*ToVbr",
          "vpc:*FromVbr",
          "vpc:DescribeEcGrantRelation",
          "vpc:*RouterInterface*",
          "vpc:*Bgp*",
          "vpc:*ExpressConnect*",
          "vpc:*ExpressCloudConnection*",
          "vpc:DescribeAccessPoints",
          "vpc:ListGeographicSubRegions",
          "vpc:ChangeResourceGroup",
          "vpc:DescribeVpcs",
          "vpc:DescribeRouteTable*",
          "vpc:*RouteEntry*",
          "vpc:*RouteEntries*",
          "vpc:*Nqa*",
        ],
      },
    ],
  },
  AliyunExpressConnectReadOnlyAccess: {
    description: "Provides read-only access to Express Connect via Management Console.",
    documented: { created: "2017-01-09T11:45:27Z", updated: "2025-09-17T06:35:45Z", version: 14 },
    statements: [
      {
        // The page goes on with further calls; those of them that are here are inferred: they end the list.
        Action: [
          "vpc:DescribePhysicalConnection*",
          "vpc:DescribeVirtualBorderRouter*",
          "vpc:DescribeRouteTable*",
          "vpc:DescribeRouteEntry*",
          "vpc:DescribeRouterInterface*",
          "vpc:DescribeBgp*",
          "vpc:DescribeVpcs",
          "vpc:DescribeVirtualBorderRouters",
          "vpc:DescribeGrantRulesToCen",
          "vpc:GetPhysicalConnectionServiceStatus",
          "vpc:DescribeExpressCloudConnections",
          "vpc:DescribeAccessPoints",
          "vpc:DescribeVBRs",
          "vpc:ListBondRouterInterfaceConnection",
          "vpc:DescribeEcGrantRelation",
          "vpc:DescribeTagKeysForExpressConnect",
          "vpc:DescribeNqas",
          "vpc:ListTagResourcesForExpressConnect",
          "vpc:ListGeographicSubRegions",
          "vpc:ListVirtualPhysicalConnections",
          "vpc:DescribeVbrHa",
        ],
      },
    ],
  },
  // Inferred.
  AliyunRAMFullAccess: {
    description: "Provides full access to Resource Access Management(RAM) via Management Console.",
    statements: [{ Action: "ram:*" }],
  },
  AliyunRAMReadOnlyAccess: {
    description: "Provides read-only access to Resource Access Management(RAM) via Management Console.",
    documented: { created: "2015-04-28T16:15:45Z", updated: "2025-12-03T10:03:48Z", version: 3 },
    statements: [
      { Action: ["ram:Get*", "ram:List*", "ram:GenerateCredentialReport"] },
      { Action: ["accessanalyzer:Get*", "accessanalyzer:List*"] },
    ],
  },
  AliyunSTSAssumeRoleAccess: {
    description: "Provides access to the API AssumeRole of Security Token Service(STS).",
    documented: { created: "2015-08-03T04:52:09Z", updated: "2017-04-27T16:48:07Z", version: 1 },
    statements: [{ Action: "sts:AssumeRole" }],
  },
  // Inferred.
  AliyunECSReadOnlyAccess: {
    description: "Provides read-only access to Elastic Compute Service(ECS) via Management Console.",
    statements: [{ Action: ["ecs:Describe*", "ecs:List*", "vpc:DescribeVpcs", "vpc:DescribeVSwitches"] }],
  },
  // Inferred from the codes of the product: bss, bssapi, efc.
  AliyunBSSFullAccess: {
    description: "Provides full access to Billing System via Management Console.",
    statements: [{ Action: ["bss:*", "bssapi:*", "efc:*"] }],
  },
  AliyunBSSReadOnlyAccess: {
    description: "Provides read-only access to Billing System via Management Console.",
    documented: { created: "2016-01-07T08:27:04Z", updated: "2025-05-15T09:13:51Z", version: 3 },
    statements: [
      {
        Action: [
          "bss:Describe*",
          "bssapi:Describe*",
          "bssapi:Query*",
          "bss:ListTechSolutionTokenBills",
          "bss:GetTechSolutionTokenOverview",
        ],
      },
    ],
  },
};

/** All of them, in the order of their declaration. */
export const systemPolicies: readonly Resource<PolicyBody>[] = Object.entries(policies).map(
  ([name, { description, documented = first, statements }]) => {
    const Statement = statements.map((statement) => ({ Effect: "Allow", ...statement, Resource: "*" }));
    const document = JSON.stringify({ Version: "1", Statement }, undefined, 2);
    const version = `v${documented.version}`;
    return {
      id: name,
      account: "system",
      region: "",
      state: "Active",
      version: 1,
      createdAt: Date.parse(documented.created),
      modifiedAt: Date.parse(documented.updated),
      tags: {},
      resourceGroups: {},
      type: "System",
      name,
      description,
      versions: [{ id: version, document, createdAt: Date.parse(documented.updated) }],
      defaultVersion: version,
      nextVersion: documented.version + 1,
    };
  },
);
const byName = new Map(systemPolicies.map((policy) => [policy.name.toLowerCase(), policy]));

/** A policy of the system by its name, whatever its letter case. */
export function systemPolicy(name: string): Resource<PolicyBody> | undefined {
  return byName.get(name.toLowerCase());
}

import type { AnyKind } from "../contract/resource-kind.ts";
import { accessKey } from "./ram/access-keys/access-key.ts";
import { account } from "./accounts/account.ts";
import { bgpGroup } from "./express-connect/bgp/bgp-group.ts";
import { bgpNetwork } from "./express-connect/bgp/bgp-network.ts";
import { bgpPeer } from "./express-connect/bgp/bgp-peer.ts";
import { vbrHa } from "./express-connect/border-routers/vbr-ha.ts";
import { virtualBorderRouter } from "./express-connect/border-routers/virtual-border-router.ts";
import { vbrGrant } from "./express-connect/grants/vbr-grant.ts";
import { physicalConnection } from "./express-connect/physical-connections/physical-connection.ts";
import { routerInterface } from "./express-connect/router-interfaces/router-interface.ts";
import { vpcPeerConnection } from "./peering/vpc-peer-connection.ts";
import { membership } from "./ram/groups/membership.ts";
import { ramGroup } from "./ram/groups/group.ts";
import { policyAttachment } from "./ram/policies/policy-attachment.ts";
import { ramPolicy } from "./ram/policies/policy.ts";
import { ramRole } from "./ram/roles/role.ts";
import { ramUser } from "./ram/users/user.ts";
import { resourceGroup } from "./resource-groups/resource-group.ts";
import { routeEntry } from "./vpc/route-entry.ts";
import { routeTable } from "./vpc/route-table.ts";
import { vpc } from "./vpc/vpc.ts";
import { vRouter } from "./vpc/vrouter.ts";
import { vSwitch } from "./vpc/vswitch.ts";
import { customerGateway } from "./vpn/customer-gateway.ts";
import { vpnAttachment } from "./vpn/vpn-attachment.ts";
import { vpnConnection } from "./vpn/vpn-connection.ts";
import { vpnGateway } from "./vpn/vpn-gateway.ts";
import { vpnGatewayDiagnosis } from "./vpn/vpn-gateway-diagnosis.ts";
import { vpnRouteEntry } from "./vpn/vpn-route-entry.ts";

/** Every resource kind, in the order in which dependencies are judged. A new kind gets its line here. */
export const kinds: readonly AnyKind[] = [
  account,
  ramUser,
  ramGroup,
  membership,
  accessKey,
  ramRole,
  ramPolicy,
  policyAttachment,
  resourceGroup,
  vpc,
  vRouter,
  vSwitch,
  routeTable,
  routeEntry,
  vpcPeerConnection,
  vpnGateway,
  customerGateway,
  vpnConnection,
  vpnAttachment,
  vpnRouteEntry,
  physicalConnection,
  virtualBorderRouter,
  bgpGroup,
  bgpPeer,
  bgpNetwork,
  vbrHa,
  routerInterface,
  vbrGrant,
  vpnGatewayDiagnosis,
];

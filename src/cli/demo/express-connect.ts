import { type Call, codeOf, entryTo, hangzhou, type Network, refused, route, silently, statusOrCode, until, vpc } from "./steps.ts";

const accessPoint = "ap-cn-hangzhou-jg-B";

/** A circuit with a border router that is linked with a VPC, from the application until nothing of it is left. */
export async function expressConnect(call: Call, account: string, { vRouterId, routeTableId }: Network): Promise<void> {
  const region = { RegionId: hangzhou };

  console.log("11. A circuit to a site is applied for, built, and taken into use");
  const wanted = { AccessPointId: accessPoint, LineOperator: "CT", PortType: "1000Base-LX", bandwidth: "200", Name: "demo" };
  const { PhysicalConnectionId } = await call(vpc, "CreatePhysicalConnection", { ...region, ...wanted });
  const circuit = { ...region, PhysicalConnectionId: String(PhysicalConnectionId) };
  const circuitReads = (state: string): Promise<void> =>
    until(state, () => listedStatus(call, "DescribePhysicalConnections", "PhysicalConnectionId", circuit.PhysicalConnectionId));
  await circuitReads("Allocated");
  await call(vpc, "ConfirmPhysicalConnection", circuit);
  await call(vpc, "EnablePhysicalConnection", circuit);
  await circuitReads("Enabled");

  console.log("12. A border router at its end, and a link from there to the VPC, both ends of it in one call");
  const addresses = { LocalGatewayIp: "10.255.0.1", PeerGatewayIp: "10.255.0.2", PeeringSubnetMask: "255.255.255.252" };
  const { VbrId } = await call(vpc, "CreateVirtualBorderRouter", { ...circuit, ...addresses, VlanId: "100", Name: "demo" });
  const router = { ...region, VbrId: String(VbrId) };
  const { RouterInterfaceId } = await call(vpc, "CreateRouterInterface", {
    ...region,
    Role: "InitiatingSide",
    RouterType: "VBR",
    RouterId: router.VbrId,
    AccessPointId: accessPoint,
    Spec: "Mini.2",
    OppositeRegionId: hangzhou,
    OppositeRouterType: "VRouter",
    OppositeRouterId: vRouterId,
    OppositeInterfaceOwnerId: account,
    FastLinkMode: "true",
    Name: "demo",
  });
  const link = { ...region, RouterInterfaceId: String(RouterInterfaceId) };
  const look = (): ReturnType<Call> =>
    silently(() => call(vpc, "DescribeRouterInterfaceAttribute", { ...region, InstanceId: link.RouterInterfaceId }));
  await until("Active", () => statusOrCode(look));

  console.log("13. The VPC routes to the site over its end of the link");
  const destination = "192.168.0.0/16";
  const farEnd = String((await look())["OppositeInterfaceId"]);
  await route(call, hangzhou, routeTableId, destination, "RouterInterface", farEnd);

  console.log("14. Deleting the link is refused while the route leads over it; Force takes both ends and the route");
  await refused(() => call(vpc, "DeleteExpressConnect", link));
  await call(vpc, "DeleteExpressConnect", { ...link, Force: "true" });
  await until("gone", async () => (await entryTo(call, hangzhou, routeTableId, destination))?.Status ?? "gone");

  console.log("15. The border router goes, and the circuit");
  await until("OK", () => codeOf(() => call(vpc, "DeleteVirtualBorderRouter", router)));
  await until("gone", () => listedStatus(call, "DescribeVirtualBorderRouters", "VbrId", router.VbrId));
  await call(vpc, "TerminatePhysicalConnection", circuit);
  await circuitReads("Terminated");
  await call(vpc, "DeletePhysicalConnection", circuit);
}

/** The status of what a list finds by its id; `gone` where it finds nothing. */
async function listedStatus(call: Call, action: string, key: string, id: string): Promise<string> {
  const answer = await silently(() => call(vpc, action, { RegionId: hangzhou, "Filter.1.Key": key, "Filter.1.Value.1": id }));
  const set = Object.entries(answer).find(([name]) => name.endsWith("Set"))?.[1] as Record<string, { readonly Status: string }[]>;
  return Object.values(set)[0]?.[0]?.Status ?? "gone";
}

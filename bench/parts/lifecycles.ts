// Whole lives, in pace `instant`: one in each of many accounts, all a step further at a time, so that every step is signed off the clock.
import { type Figure, median, shown } from "../figure.ts";
import type { FilledVpc } from "../fill.ts";
import type { Call } from "../load.ts";
import type { Product } from "../processes.ts";
import { clients, type Workbench } from "../workbench.ts";

const region = { RegionId: "cn-hangzhou" };

/** An account in whose VPC a life takes place, with what its steps have answered so far, by names of fields. */
interface Life {
  readonly key: Call["key"];
  readonly vpc: FilledVpc;
  readonly answers: Readonly<Record<string, string>>;
}
/** A call of a life. `keep` says which fields of its answer later steps need, and under which names. */
interface Step {
  readonly action: string;
  readonly parameters: (life: Life) => Readonly<Record<string, unknown>>;
  readonly keep?: Readonly<Record<string, string>>;
}

const vSwitches = (["first", "second"] as const).map((name, index): Step => ({
  action: "CreateVSwitch",
  parameters: ({ vpc }) => ({
    ...region,
    VpcId: vpc.id,
    ZoneId: ["cn-hangzhou-b", "cn-hangzhou-g"][index],
    // The fill gives each VPC a block of its own; this is a part of it.
    CidrBlock: vpc.cidrBlock.replace(".0.0/16", `.${index}.0/24`),
  }),
  keep: { VSwitchId: name },
}));

const vpnSteps: readonly Step[] = [
  {
    action: "CreateVpnGateway",
    parameters: ({ vpc, answers }) => ({
      ...region,
      VpcId: vpc.id,
      VSwitchId: answers["first"],
      DisasterRecoveryVSwitchId: answers["second"],
      Bandwidth: 10,
      Name: "bench",
    }),
    keep: { VpnGatewayId: "gateway" },
  },
  {
    action: "CreateCustomerGateway",
    parameters: () => ({ ...region, IpAddress: "203.0.113.7", Name: "bench" }),
    keep: { CustomerGatewayId: "customer" },
  },
  {
    action: "CreateVpnConnection",
    parameters: ({ answers }) => ({
      ...region,
      VpnGatewayId: answers["gateway"],
      LocalSubnet: "0.0.0.0/0",
      RemoteSubnet: "0.0.0.0/0",
      "TunnelOptionsSpecification.1.Role": "master",
      "TunnelOptionsSpecification.1.CustomerGatewayId": answers["customer"],
      "TunnelOptionsSpecification.2.Role": "slave",
      "TunnelOptionsSpecification.2.CustomerGatewayId": answers["customer"],
    }),
    keep: { VpnConnectionId: "connection" },
  },
  {
    action: "CreateVpnRouteEntry",
    parameters: ({ answers }) => ({
      ...region,
      VpnGatewayId: answers["gateway"],
      RouteDest: "172.20.0.0/16",
      NextHop: answers["connection"],
      Weight: 100,
      PublishVpc: true,
    }),
  },
  { action: "DeleteVpnConnection", parameters: ({ answers }) => ({ ...region, VpnConnectionId: answers["connection"] }) },
  { action: "DeleteVpnGateway", parameters: ({ answers }) => ({ ...region, VpnGatewayId: answers["gateway"] }) },
  { action: "DeleteCustomerGateway", parameters: ({ answers }) => ({ ...region, CustomerGatewayId: answers["customer"] }) },
];

const accessPoint = "ap-cn-hangzhou-jg-B";
const onCircuit = ({ answers }: Life) => ({ ...region, PhysicalConnectionId: answers["circuit"] });
const expressConnectSteps: readonly Step[] = [
  {
    action: "CreatePhysicalConnection",
    parameters: () => ({
      ...region,
      AccessPointId: accessPoint,
      LineOperator: "CT",
      PortType: "1000Base-LX",
      bandwidth: 200,
      Name: "bench",
    }),
    keep: { PhysicalConnectionId: "circuit" },
  },
  { action: "ConfirmPhysicalConnection", parameters: onCircuit },
  { action: "EnablePhysicalConnection", parameters: onCircuit },
  {
    action: "CreateVirtualBorderRouter",
    parameters: (life) => ({
      ...onCircuit(life),
      LocalGatewayIp: "10.255.0.1",
      PeerGatewayIp: "10.255.0.2",
      PeeringSubnetMask: "255.255.255.252",
      VlanId: 100,
    }),
    keep: { VbrId: "router" },
  },
  {
    action: "CreateRouterInterface",
    parameters: ({ key, vpc, answers }) => ({
      ...region,
      Role: "InitiatingSide",
      RouterType: "VBR",
      RouterId: answers["router"],
      AccessPointId: accessPoint,
      Spec: "Mini.2",
      OppositeRegionId: region.RegionId,
      OppositeRouterType: "VRouter",
      OppositeRouterId: vpc.routerId,
      OppositeInterfaceOwnerId: key.account,
      FastLinkMode: true,
    }),
    keep: { RouterInterfaceId: "link" },
  },
  { action: "DeleteExpressConnect", parameters: ({ answers }) => ({ ...region, RouterInterfaceId: answers["link"] }) },
  { action: "DeleteVirtualBorderRouter", parameters: ({ answers }) => ({ ...region, VbrId: answers["router"] }) },
  { action: "TerminatePhysicalConnection", parameters: onCircuit },
  { action: "DeletePhysicalConnection", parameters: onCircuit },
];

export function vpn(bench: Workbench): Promise<Figure[]> {
  return lifecycles(bench, "vpn", "lives of a VPN gateway with a connection and a route", vSwitches, vpnSteps);
}
export function expressConnect(bench: Workbench): Promise<Figure[]> {
  return lifecycles(bench, "express-connect", "lives of a circuit with a border router linked to a VPC", [], expressConnectSteps);
}

async function lifecycles(bench: Workbench, id: string, what: string, before: readonly Step[], steps: readonly Step[]): Promise<Figure[]> {
  const store = await bench.tenants();
  const product = await bench.product(store, { LINKSPAN_PACE: "instant" });
  let lives = store.tenants.map(({ key, vpcs }): Life => ({ key, vpc: vpcs[0] as FilledVpc, answers: {} }));
  for (const step of before) ({ lives } = await stepFurther(bench, product, lives, step));
  bench.say(`${what}, ${steps.length} calls each`);
  const rates: number[] = [];
  for (let round = 0; round <= bench.scale.rounds; round++) {
    let seconds = 0;
    for (const step of steps) {
      const done = await stepFurther(bench, product, lives, step);
      ({ lives } = done);
      seconds += done.seconds;
    }
    const rate = lives.length / seconds;
    if (round > 0) rates.push(rate);
    bench.say(`  ${round === 0 ? "warm-up" : `round ${round}`}: ${shown(rate)} lives/s, ${shown(rate * steps.length)} calls/s`);
  }
  await product.stop();
  return [{ id, what: `${what}, ${steps.length} calls each, ${clients} clients`, value: median(rates), unit: "/s" }];
}

/** Takes all lives one step further. */
async function stepFurther(
  bench: Workbench,
  product: Product,
  lives: readonly Life[],
  { action, parameters, keep = {} }: Step,
): Promise<{ readonly lives: Life[]; readonly seconds: number }> {
  const calls = lives.map((life): Call => ({ key: life.key, product: "Vpc", action, parameters: parameters(life) }));
  await bench.load.prepare({ calls, requests: calls.length });
  const { bodies, seconds } = await bench.send(product.port, clients, true);
  const further = lives.map((life, index): Life => {
    const answer = JSON.parse(bodies[index] ?? "{}") as Record<string, string>;
    const kept = Object.entries(keep).map(([field, name]) => [name, answer[field] ?? ""]);
    return { ...life, answers: { ...life.answers, ...Object.fromEntries(kept) } };
  });
  return { lives: further, seconds };
}

import { clientToken, id, idOr, regionId } from "../../../contract/common-parameters.ts";
import { type Call, rulesOn, writeOperation } from "../../../contract/operation.ts";
import { boolean, integer, list, object } from "../../../contract/parameters.ts";
import { Vpc } from "../../../contract/products.ts";
import { stateAllows } from "../../vpc/rules.ts";
import { isShared } from "../physical-connections/physical-connection.ts";
import { trafficIsEnabled } from "../physical-connections/rules.ts";
import { portCanBeShared, takenVlans, vlanIsFree } from "../physical-connections/vlans.ts";
import { borderRouterErrors } from "./errors.ts";
import { addressRules, differ, type GivenAddresses, mergedAddresses } from "./gateway-addresses.ts";
import { addressParameters, bandwidths, circuitCode, routerDescription, routerName, vlanIdOptions } from "./parameters.ts";
import {
  firstCircuit,
  fitsCircuit,
  onlyItsOwnerNamesIt,
  onlyItsOwnerSaysAddresses,
  type OnRouter,
  type GivenNames,
  ownsRouter,
  routerTarget,
} from "./rules.ts";
import { type VbrCircuit, virtualBorderRouter } from "./virtual-border-router.ts";

const vlanId = integer(vlanIdOptions);
const ipv6Errors = { ipv6: borderRouterErrors.ipIllegalOnModify, ipv6Block: borderRouterErrors.blockIllegalOnModify };
const illegal = borderRouterErrors.associatedIllegal;
/** More than a router can be on. */
const membersMax = 10;
/** Bytes; 0 for what the router has without being told. */
const mtus = [0, 1500, 8500];

export const modifyVirtualBorderRouterAttribute = writeOperation({
  product: Vpc,
  name: "ModifyVirtualBorderRouterAttribute",
  summary: "Changes a virtual border router. The addresses that its owner gives to one of another account's circuit confirm it.",
  authorisation: {
    action: "vpc:ModifyVirtualBorderRouterAttribute",
    resources: ["acs:vpc:{regionId}:{accountId}:virtualborderrouter/{VbrId}"],
    source: "public-docs",
  },
  parameters: {
    RegionId: regionId,
    VbrId: id,
    VlanId: vlanId,
    CircuitCode: circuitCode,
    ...addressParameters({
      localIp: borderRouterErrors.ipMalformed,
      peerIp: borderRouterErrors.ipMalformed,
      mask: borderRouterErrors.maskMalformed,
      ...ipv6Errors,
    }),
    MinTxInterval: integer({ min: 200, max: 1000, invalid: borderRouterErrors.minTxIntervalIllegal }),
    MinRxInterval: integer({ min: 200, max: 1000, invalid: borderRouterErrors.minRxIntervalIllegal }),
    DetectMultiplier: integer({ min: 3, max: 10, invalid: borderRouterErrors.detectMultiplierIllegal }),
    Description: routerDescription(borderRouterErrors.descriptionMalformedOnModify),
    Name: routerName(borderRouterErrors.nameMalformedOnModify),
    // Circuits of the router by their ids, with what is to change about each. Those not named stay as they are.
    AssociatedPhysicalConnections: list(
      object({
        PhysicalConnectionId: idOr(illegal),
        VlanId: integer({ ...vlanIdOptions, invalid: illegal }),
        CircuitCode: circuitCode,
        ...addressParameters({ localIp: illegal, peerIp: illegal, mask: illegal, ipv6: illegal, ipv6Block: illegal }),
        ipv6Enable: boolean(),
      }),
      { itemsMax: membersMax, also: ["json"], invalid: illegal },
    ),
    ClientToken: clientToken,
    EnableIpv6: boolean(),
    Bandwidth: integer({ invalid: borderRouterErrors.parameterInvalid }),
    SitelinkEnable: boolean(),
    Mtu: integer({ invalid: borderRouterErrors.parameterInvalid }),
  },
  response: {},
  targets: { router: routerTarget(borderRouterErrors.notFoundOnModify) },
  check: [
    {
      rule: "each member of AssociatedPhysicalConnections names a circuit that the virtual border router is on, and none is named twice",
      error: illegal,
      source: "inferred",
      holds: ({ input: { AssociatedPhysicalConnections: members }, targets: { router } }) => {
        const ids = members.map((member) => member.PhysicalConnectionId);
        return (
          new Set(ids).size === ids.length && ids.every((one) => router.circuits.some((circuit) => circuit.physicalConnectionId === one))
        );
      },
    },
    ...onlyItsOwnerSaysAddresses(ownsRouter, ({ input }: Request) => [input, ...input.AssociatedPhysicalConnections]),
    ...onlyItsOwnerNamesIt(ownsRouter, ({ input }: Request) => input),
    {
      rule: "only the owner of a circuit says which VLAN of it a router has",
      error: borderRouterErrors.vlanNotAllowed,
      holds: (call) =>
        changesOf(call).every(({ given, before }) => given.VlanId === undefined || before.circuitOwner === call.caller.account),
    },
    {
      rule: "only the owner of a circuit says its code",
      error: borderRouterErrors.circuitCodeNotAllowed,
      holds: (call) =>
        changesOf(call).every(({ given, before }) => given.CircuitCode === undefined || before.circuitOwner === call.caller.account),
    },
    stateAllows("router", virtualBorderRouter, "ModifyVirtualBorderRouterAttribute", borderRouterErrors.statusOnModify, [
      "The status of the VBR does not support this operation.",
    ]),
    trafficIsEnabled,
    {
      rule: "the circuit is not locked for its bill",
      error: borderRouterErrors.circuitLocked,
      holds: async (call) => (await firstCircuit(call))?.BusinessStatus !== "FinancialLocked",
    },
    {
      rule: "on each circuit there are LocalGatewayIp, PeerGatewayIp and PeeringSubnetMask, or none of them yet",
      error: borderRouterErrors.addressesIncomplete,
      holds: (call) =>
        changesOf(call).every(({ after: { localGatewayIp, peerGatewayIp, peeringSubnetMask } }) => {
          const given = [localGatewayIp, peerGatewayIp, peeringSubnetMask].filter((value) => value !== "");
          return given.length === 0 || given.length === 3;
        }),
    },
    ...rulesOn((call: Request) => changesOf(call).map(({ after }) => after), addressRules(borderRouterErrors.ipIllegalOnModify)),
    {
      rule: "the virtual border router has other addresses of its own on each circuit",
      error: borderRouterErrors.localIpTwice,
      holds: (call) => (["localGatewayIp", "localIpv6GatewayIp"] as const).every((field) => differ(circuitsAfter(call), field)),
    },
    {
      rule: "the customer's side has other addresses on each circuit",
      error: borderRouterErrors.peerIpTwice,
      holds: (call) => (["peerGatewayIp", "peerIpv6GatewayIp"] as const).every((field) => differ(circuitsAfter(call), field)),
    },
    {
      rule: "VLAN and bandwidth of a router on a shared circuit are those of the circuit",
      error: borderRouterErrors.onShared,
      holds: async (call) => {
        const circuit = await firstCircuit(call);
        const [{ before, after }] = changesOf(call);
        const { bandwidth } = call.targets.router;
        return (
          circuit === undefined ||
          !isShared(circuit) ||
          (before.vlanId === after.vlanId && (call.input.Bandwidth ?? bandwidth) === bandwidth)
        );
      },
    },
    {
      rule: `Bandwidth, if it changes, is one of ${bandwidths.join(", ")}`,
      error: borderRouterErrors.parameterInvalid,
      source: "sdk-metadata",
      holds: ({ input, targets: { router } }) =>
        input.Bandwidth === undefined || input.Bandwidth === router.bandwidth || bandwidths.includes(input.Bandwidth),
      fill: () => [`Bandwidth: allowed are ${bandwidths.join(", ")}`],
    },
    fitsCircuit(({ input }: Request) => input.Bandwidth, firstCircuit, borderRouterErrors.parameterInvalid),
    {
      rule: `Mtu is one of ${mtus.join(", ")}`,
      error: borderRouterErrors.parameterInvalid,
      source: "client",
      holds: ({ input }) => input.Mtu === undefined || mtus.includes(input.Mtu),
      fill: () => [`Mtu: allowed are ${mtus.join(", ")}`],
    },
    {
      rule: "no other router and no shared circuit has the VLAN that the router moves to",
      error: borderRouterErrors.vlanTaken,
      holds: (call) => everyNewVlan(call, vlanIsFree),
    },
    {
      rule: "a router that moves to VLAN 0 has the circuit alone",
      error: borderRouterErrors.vlanInUse,
      source: "inferred",
      holds: (call) => everyNewVlan(call, portCanBeShared),
    },
  ],
  apply: async (call) => {
    const {
      input,
      state,
      targets: { router },
    } = call;
    const circuits = circuitsAfter(call);
    const changes = {
      circuits,
      name: input.Name ?? router.name,
      description: input.Description ?? router.description,
      bandwidth: input.Bandwidth ?? router.bandwidth,
      minTxInterval: input.MinTxInterval ?? router.minTxInterval,
      minRxInterval: input.MinRxInterval ?? router.minRxInterval,
      detectMultiplier: input.DetectMultiplier ?? router.detectMultiplier,
      mtu: input.Mtu ?? router.mtu,
      sitelinkEnable: input.SitelinkEnable ?? router.sitelinkEnable,
    };
    // No document says how an owner confirms. Addresses are what a router lacks until then, and only its owner gives them.
    if (router.state === "unconfirmed" && circuits[0].localGatewayIp !== "") {
      await state.move(virtualBorderRouter, router, "confirmed", { ...changes, activatedAt: state.now });
    } else {
      await state.move(virtualBorderRouter, router, "ModifyVirtualBorderRouterAttribute", changes);
    }
    return {};
  },
});

interface GivenOfCircuit extends GivenAddresses {
  readonly VlanId?: number | undefined;
  readonly CircuitCode?: string | undefined;
}
type Request = OnRouter &
  Pick<Call, "now"> & {
    readonly input: GivenAddresses &
      GivenNames &
      GivenOfCircuit & {
        readonly Bandwidth: number | undefined;
        readonly AssociatedPhysicalConnections: readonly (GivenOfCircuit & {
          readonly PhysicalConnectionId: string;
          readonly ipv6Enable: boolean | undefined;
        })[];
      };
  };
interface Change {
  readonly before: VbrCircuit;
  readonly given: GivenOfCircuit;
  readonly after: VbrCircuit;
}

/** What becomes of each circuit of the router: what the call says about itself is about the first one. */
function changesOf({ input, targets: { router } }: Pick<Request, "input" | "targets">): [Change, ...Change[]] {
  const change = (before: VbrCircuit, own: GivenOfCircuit): Change => {
    const member = input.AssociatedPhysicalConnections.find((one) => one.PhysicalConnectionId === before.physicalConnectionId);
    const given = { ...own, ...(member && said({ ...member, EnableIpv6: member.ipv6Enable })) };
    const after = {
      ...before,
      ...mergedAddresses(given, before),
      vlanId: given.VlanId ?? before.vlanId,
      circuitCode: given.CircuitCode ?? before.circuitCode,
    };
    return { before, given, after };
  };
  const [first, ...others] = router.circuits;
  return [change(first, input), ...others.map((circuit) => change(circuit, {}))];
}
/** The fields that a value has been given for. */
function said(given: GivenOfCircuit): GivenOfCircuit {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
function circuitsAfter(call: Pick<Request, "input" | "targets">): [VbrCircuit, ...VbrCircuit[]] {
  const [first, ...others] = changesOf(call);
  return [first.after, ...others.map(({ after }) => after)];
}

/** Whether each VLAN that the router moves to fits beside those of others. One that stays is not judged. */
async function everyNewVlan(call: Request, fits: typeof vlanIsFree): Promise<boolean> {
  for (const { before, after } of changesOf(call)) {
    if (before.vlanId === after.vlanId) continue;
    if (!fits(await takenVlans(call.state, before.physicalConnectionId, call.now), after.vlanId, call.targets.router.id)) return false;
  }
  return true;
}

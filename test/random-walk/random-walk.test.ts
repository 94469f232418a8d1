import assert from "node:assert/strict";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { movesOf } from "../../src/contract/state-table.ts";
import { operations } from "../../src/services/index.ts";
import { versions } from "../support/caller.ts";
import { Random } from "../support/random.ts";
import { type SpawnedServer, spawnServer, temporaryFolder } from "../support/server.ts";
import { Met, moveName } from "./met.ts";
import { kindsInPlay } from "./model.ts";
import { actionsInPlay, Walk, walkSeed } from "./walk.ts";

/**
 * Random walks over accounts, VPCs, vSwitches, route tables, route entries, peerings, VPN gateways with what belongs to them, router interfaces,
 * circuits, virtual border routers, tags and resource groups:
 * a plain model foretells every answer, and everything that can be read afterwards.
 * A walk that fails is told with all its calls, and once more with as few as still fail. LINKSPAN_TEST_SEED repeats it.
 */

const walks = 285;
const callsPerWalk = 70;
const random = new Random(process.env["LINKSPAN_TEST_SEED"] === undefined ? undefined : Number(process.env["LINKSPAN_TEST_SEED"]));
/** Walks at most that are spent on finding a shorter one that fails. */
const shorterWalksMax = 120;

// Walks commit thousands of times, and what they commit need not outlive them.
const folder = temporaryFolder(existsSync("/dev/shm") ? "/dev/shm" : tmpdir());
let server: SpawnedServer;
before(async () => {
  const seed = join(folder, "seed.json");
  writeFileSync(seed, JSON.stringify(walkSeed));
  server = await spawnServer({ folder, environment: { LINKSPAN_SEED: seed, LINKSPAN_PACE: "stepped" } });
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});
const met = new Met();

/** Walks the steps of these seeds; gives the calls with the fault if the walk fails. */
async function failure(seed: number, steps: readonly number[]): Promise<string | undefined> {
  const random = new Random(seed);
  const walk = await Walk.begin(server, met, random);
  try {
    await walk.prepare(random);
    for (const step of steps) await walk.step(new Random(step));
    await walk.end(new Random(seed));
    return undefined;
  } catch (error) {
    // An assertion says what is wrong; of anything else it matters where it happened.
    const { message, stack } = error as Error;
    return `${walk.trail.join("\n")}\n${error instanceof assert.AssertionError ? message : stack}`;
  }
}

/** The failure of a walk with as many steps left out as can be. Each step makes its own choices, so that the others stay alike. */
async function shortest(seed: number, steps: readonly number[]): Promise<string | undefined> {
  let [left, found] = [steps, undefined as string | undefined];
  let tries = 0;
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < left.length && tries < shorterWalksMax; tries++) {
      const fewer = left.toSpliced(from, size);
      const fault = await failure(seed, fewer);
      if (fault === undefined) from += size;
      else [left, found] = [fewer, fault];
    }
  }
  return found;
}

test(`${walks} random walks of ${callsPerWalk} calls: every answer, state, field, list and total is that of a plain model`, async () => {
  console.log(`random walks from seed ${random.seed}; LINKSPAN_TEST_SEED=${random.seed} repeats them`);
  for (let n = 0; n < walks; n++) {
    const seed = random.seed + n;
    const seeds = new Random(seed);
    const steps = Array.from({ length: callsPerWalk }, () => seeds.below(2 ** 32));
    const fault = await failure(seed, steps);
    if (fault === undefined) continue;
    const short = await shortest(seed, steps);
    assert.fail(
      `LINKSPAN_TEST_SEED=${seed} begins with this walk:\n${fault}\n\nThe shortest that was found to fail:\n${short ?? "(itself)"}`,
    );
  }
});

/** What calls bring about that walks do not make: another product's, and those about several circuits of one border router. */
const eventsOfOthers = [
  "RefundInstance",
  "AssociatePhysicalConnectionToVirtualBorderRouter",
  "UnassociatePhysicalConnectionFromVirtualBorderRouter",
];

/** A few moves take so many calls of one kind that only most runs meet them: this part of all may be missing. */
const rareMoves = 1 / 50;

test("the walks came through nearly every move of the kinds that they are about", (t) => {
  const moves = kindsInPlay.flatMap((kind) =>
    movesOf(kind.states)
      .filter(({ event }) => !eventsOfOthers.includes(event))
      .map(({ from, event, to }) => moveName(kind, from, event, to)),
  );
  const never = moves.filter((move) => !met.moves.has(move));
  t.diagnostic(`${moves.length - never.length} of ${moves.length} met; never ${never.join(", ") || "none"}`);
  assert.ok(moves.length > 200 && never.length <= moves.length * rareMoves, never.join("\n"));
});

/** Codes of faults that parameters show by themselves: walks send none such. */
const aboutParameters = new Set([
  "ChargeType.NotSupport",
  "IllegalParam.AssociatedPhysicalConnections",
  "IllegalParam.LocalAsn",
  "IllegalParam.PeerAsn",
  "InvalidBgpGroup.LocalAsnInvalid",
  "InvalidDestCidrBlock.Malformed",
  "InvalidDownDelayTime",
  "InvalidPeerAsn.Malformed",
  "InvalidPeeringSubnetMask.Malformed",
  "IllegalParam.Asn",
  "IllegalParam.HcRate",
  "IllegalParam.HcThreshold",
  "IllegalParam.IpVersion",
  "IllegalParam.IpamPool",
  "IllegalParam.Ipv6CidrBlock",
  "IllegalParam.ResourceType",
  "IllegalParam.SecondaryCidrMask",
  "IllegalParam.UserCidr",
  "InvalidAccessPoint.ValueNotAllowed",
  "InvalidCidrBlock.Malformed",
  "InvalidCidrMask",
  "InvalidCirdrBlock.MaskLength",
  "InvalidHealthCheckIP.Malformd",
  "InvalidIpAddress.WrongFormat",
  "InvalidIpv6CidrBlock.Malformed",
  "InvalidIpv6CidrMask",
  "InvalidNewWeight",
  "InvalidNextHop",
  "InvalidNextHopList.Size",
  "InvalidNexthopListSize",
  "InvalidNexthopTypeAndList.BothNotNull",
  "InvalidNexthopTypeAndList.BothNull",
  "InvalidParameter",
  "InvalidParameter.TagKey",
  "InvalidOppositeRouterType.ValueNotSupported",
  "InvalidPeriod",
  "InvalidRegionId.NotFound",
  "InvalidResourceType",
  "InvalidRole.ValueNotSupported",
  "InvalidRouterType.ValueNotSupported",
  "InvalidSpec.NotFound",
  "InvalidSpec.ValudNotSupported",
  "InvalidTagKey",
  "InvalidUserCidr.Malformed",
  "InvalidVpnEnable",
  "InvalidWeight",
  "MissingNewPriority",
  "MissingParam.EnableIpv6",
  "MissingParam.NewNextHopId",
  "MissingParam.NewNextHopType",
  "MissingParam.RouteEntryId",
  "MissingParam.SecondaryCidrBlockOrIpv6CidrBlock",
  "MissingParameter",
  "MissingParameter.TagKey",
  "OperationFailed.SslNotSupport",
  "OperationUnsupported.IPv6ULA",
  "ParamExclusive.DisableIpv6AndIpv6CidrBlock",
  "ParamExclusive.EnableIpv6AndCidrBlock",
  "ParamExclusive.NextHopIdAndList",
  "ParamExclusive.RouteEntryIdAndRouteTableIdOrDestCidrBlock",
  "ParamExclusive.SecondaryCidrAndIpv6Cidr",
  "UnnecessarySslConnection",
  "UnsupportedFeature.IPAM",
  "UnsupportedFeature.Ipam",
  "UnsupportedFeature.Ipv6Isp",
  "VpnRouteEntry.InvalidWeight",
]);

/** Refusals of rules that are safeguards: what they ask is made sure of by others before. */
const outOfReach = new Set([
  // Every access point of a walk takes circuits.
  "CreatePhysicalConnection Invalid.Status",
  // Walks give their border routers bandwidths that there are, and one circuit each.
  "CreateVirtualBorderRouter IllegalParam.Bandwidth",
  "UpdateVirtualBorderBandwidth IllegalParam.Bandwidth",
  "UpdateVirtualBorderBandwidth OperationUnsupported.SetMultiPconnBandwidth",
  "ModifyVirtualBorderRouterAttribute Duplicated.LocalGatewayIp",
  "ModifyVirtualBorderRouterAttribute Duplicated.PeerGatewayIp",
  "DeleteVirtualBorderRouter InvalidStatus.NotAllowed",
  "DeletePhysicalConnection Forbidden.AssociateToVBR",
  "CreateBgpPeer InvalidParams.PeerIpAddressMustPointOut",
  "CreateRouteEntries IncorrectStatus.RouteTableStatus",
  "DeleteRouteEntry IncorrectVpcStatus",
  "DeleteVSwitch IncorrectVpcStatus",
  "ModifyRouteEntry IncorrectVpcStatus",
  // Public ends have a hundred thousand addresses, and a vSwitch of a walk has more than a walk makes gateways.
  "CreateVpnAttachment OperationFailed.IpNotEnough",
  "CreateVpnGateway OperationFailed.IpNotEnough",
  // Rules that operations share, where they ask of some what these cannot say.
  "CreateVpnAttachment CustomerGateway.ConflictVpnIp",
  "CreateVpnPbrRouteEntry IllegalParam.RouteDest",
  "ModifyTunnelAttribute IllegalParam.Role",
  "ModifyTunnelAttribute InvalidVpnConnection.AlreadyExists",
  "ModifyTunnelAttribute VpnConnection.InvalidCreateTunnelOptions",
  "ModifyVpnAttachmentAttribute IllegalParam.Role",
  "ModifyVpnAttachmentAttribute VpnConnection.InvalidCreateTunnelOptions",
  "ModifyVpnConnectionAttribute InvalidVpnConnection.AlreadyExists",
]);

test("the walks met nearly every refusal that what is there can bring about", (t) => {
  const refusals = actionsInPlay.flatMap(([product, action]) => {
    const version = product === "vpc" ? versions.Vpc : versions.VpcPeer;
    const operation = operations.find((one) => one.name === action && one.product.version === version);
    const errors = [
      ...Object.values(operation?.targets ?? {}).map(({ missing }) => missing),
      ...(operation?.check ?? []).map(({ error }) => error),
    ];
    return errors.filter(({ code }) => !aboutParameters.has(code)).map(({ code }) => `${action} ${code}`);
  });
  const all = new Set(refusals);
  const never = [...all].filter((refusal) => !met.answers.has(refusal) && !outOfReach.has(refusal));
  t.diagnostic(`${all.size - never.length} of ${all.size} met; never ${never.join(", ") || "none"}`);
  assert.ok(all.size > 150 && never.length < all.size / 5, never.join("\n"));
});

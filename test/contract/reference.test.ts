import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { ErrorDefinition } from "../../src/contract/errors.ts";
import { type AnyOperation, operationKey } from "../../src/contract/operation.ts";
import type { Parameter } from "../../src/contract/parameters.ts";
import { Ram } from "../../src/contract/products.ts";
import type { Fields, Shape } from "../../src/contract/response.ts";
import { rulesOf, targetsOf } from "../../src/engine/operation-rules.ts";
import { errorsOf } from "../../src/engine/operation-errors.ts";
import { operations } from "../../src/services/index.ts";
import { literalsOf, sources } from "./sources.ts";

/** The declarations against the documented API, in both directions. What differs on purpose stands in `exceptions`, with its reason. */

interface DocumentedField {
  readonly name: string;
  readonly type: string;
}
interface Documented {
  readonly parameters: readonly (DocumentedField & {
    readonly required: boolean;
    readonly items?: string;
    readonly fields?: readonly DocumentedField[];
  })[];
  readonly response: readonly { readonly path: string; readonly type: string }[];
  readonly errors: readonly { readonly http: number; readonly code: string; readonly message: string }[];
}
const referencePath = join(import.meta.dirname, "..", "..", "docs", "reference", "api.json");
const documented = JSON.parse(readFileSync(referencePath, "utf8")) as Readonly<Record<string, Documented>>;

/** `<version> <operation>: <difference>`, and why it is meant. Each must still occur. */
const exceptions: Readonly<Record<string, string>> = {
  "2015-04-01 AssumeRole: parameter DurationSeconds is int, documented as long": "at most 43200",
  "2014-05-26 DescribeAvailableResource: parameter Memory is string, documented as float": "kept as text: nothing here has memory",
  "2016-04-28 CreateVpc: parameter UserCidr is a list, documented as string": "one string of blocks joined by commas",
  "2016-04-28 DescribeVpcs: parameter VpcId is a list, documented as string": "one string of ids joined by commas",
  "2016-04-28 DescribeVSwitches: parameter VSwitchId is a list, documented as string": "one string of ids joined by commas",
  "2022-01-01 CreateVpcPeerConnection: parameter AcceptingAliUid is optional, documented as required":
    "clients leave it out within one account",
  "2016-04-28 DescribeVSwitches: response VSwitches.VSwitch[].AvailableIpAddressCount is int, documented as long":
    "at most 65532; the same number in JSON",
  "2016-04-28 DescribeVSwitchAttributes: response AvailableIpAddressCount is int, documented as long": "the same",
  "2016-04-28 DescribeVSwitchAttributes: response CloudResources.CloudResourceSetType[] is not documented":
    "the object is documented without members; its name for them is that of the VPC's",
  "2016-04-28 CreateVpc: error 404 InvalidRegionId.NotFound has another text":
    "all operations answer an unknown region alike, in the words of the seed page",
  "2016-04-28 DeleteVpc: error 404 InvalidRegionId.NotFound has another status and text": "the same",
  "2016-04-28 CreateRouteTable: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 CreateVpnGateway: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 DeleteRouteTable: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 CreateRouterInterface: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 ModifyRouterInterfaceAttribute: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 ActivateRouterInterface: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 ConfirmPhysicalConnection: error 404 InvalidRegionId.NotFound has another status and text": "the same",
  "2016-04-28 CreateVirtualBorderRouter: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 ModifyVirtualBorderRouterAttribute: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 AssociateRouteTable: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 UnassociateRouteTable: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 AddBgpNetwork: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 CreateBgpGroup: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 CreateBgpPeer: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 DeleteBgpGroup: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 DeleteBgpNetwork: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 DeleteBgpPeer: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 DescribeBgpGroups: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 DescribeBgpNetworks: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 DescribeBgpPeers: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 ModifyBgpGroupAttribute: error 404 InvalidRegionId.NotFound has another text": "the same",
  "2016-04-28 ModifyBgpPeerAttribute: error 404 InvalidRegionId.NotFound has another status and text": "the same",
  "2016-04-28 DescribeBgpGroups: response BgpGroups.BgpGroup[].IsFake is bool, documented as string":
    "clients read the number and the truth value, and drop the text",
  "2016-04-28 DescribeBgpGroups: response BgpGroups.BgpGroup[].LocalAsn is int, documented as string": "the same",
  "2016-04-28 DescribeBgpGroups: response BgpGroups.BgpGroup[].PeerAsn is int, documented as string": "the same",
  "2016-04-28 DescribeVpnConnection: response TunnelOptionsSpecification.TunnelOptions[].EnableDpd is bool, documented as string":
    "clients read the number and the truth value, and drop the text",
  "2016-04-28 DescribeVpnConnection: response TunnelOptionsSpecification.TunnelOptions[].EnableNatTraversal is bool, documented as string":
    "the same",
  "2016-04-28 DescribeVpnConnection: response TunnelOptionsSpecification.TunnelOptions[].TunnelIkeConfig.IkeLifetime is long, documented as string":
    "the same",
  "2016-04-28 DescribeVpnConnection: response TunnelOptionsSpecification.TunnelOptions[].TunnelIpsecConfig.IpsecLifetime is long, documented as string":
    "the same",
  "2016-04-28 DescribeVpnConnections: response VpnConnections.VpnConnection[].TunnelOptionsSpecification.TunnelOptions[].EnableDpd is bool, documented as string":
    "the same",
  "2016-04-28 DescribeVpnConnections: response VpnConnections.VpnConnection[].TunnelOptionsSpecification.TunnelOptions[].EnableNatTraversal is bool, documented as string":
    "the same",
  "2016-04-28 DescribeVpnConnections: response VpnConnections.VpnConnection[].TunnelOptionsSpecification.TunnelOptions[].TunnelIkeConfig.IkeLifetime is long, documented as string":
    "the same",
  "2016-04-28 DescribeVpnConnections: response VpnConnections.VpnConnection[].TunnelOptionsSpecification.TunnelOptions[].TunnelIpsecConfig.IpsecLifetime is long, documented as string":
    "the same",
  "2016-04-28 ModifyVpnConnectionAttribute: response VpnBgpConfig.LocalAsn is long, documented as int":
    "up to 4294967295; the same number in JSON",
  "2016-04-28 ModifyVpnConnectionAttribute: response VpnBgpConfig.PeerAsn is long, documented as int":
    "up to 4294967295; the same number in JSON",
  "2016-04-28 DiagnoseVpnGateway: error 400 IdempotentParameterMismatch has another text":
    "all operations answer a token that was used for something else alike",
  "2016-04-28 CreateVpnAttachment: parameter Tag is not documented": "clients name the tags so",
  "2016-04-28 CreateRouterInterface: parameter Tag is not documented": "clients name the tags so",
  "2016-04-28 DescribeEcGrantRelation: parameter PageNumber is int, documented as long": "it counts pages",
  "2016-04-28 DescribeEcGrantRelation: parameter PageSize is int, documented as long": "at most 50",
  "2016-04-28 CreateVirtualBorderRouter: parameter Tag is not documented": "clients name the tags so",
  "2016-04-28 CreateVirtualBorderRouter: parameter Bandwidth is int, documented as long": "at most 102400",
  "2016-04-28 ModifyVirtualBorderRouterAttribute: parameter MinTxInterval is int, documented as long": "at most 1000",
  "2016-04-28 ModifyVirtualBorderRouterAttribute: parameter MinRxInterval is int, documented as long": "at most 1000",
  "2016-04-28 ModifyVirtualBorderRouterAttribute: parameter DetectMultiplier is int, documented as long": "at most 10",
  "2016-04-28 ModifyVirtualBorderRouterAttribute: parameter AssociatedPhysicalConnections is a list, documented as string":
    "one string that holds a JSON array",
  "2016-04-28 ModifyVirtualBorderRouterAttribute: fields of AssociatedPhysicalConnections are PhysicalConnectionId: string, VlanId: int, CircuitCode: string, LocalGatewayIp: string, PeerGatewayIp: string, PeeringSubnetMask: string, LocalIpv6GatewayIp: string, PeerIpv6GatewayIp: string, PeeringIpv6SubnetMask: string, ipv6Enable: bool, documented as ":
    "what its members hold is documented in prose only",
  "2016-04-28 AssociatePhysicalConnectionToVirtualBorderRouter: parameter VlanId is int, documented as string": "a number all the same",
  "2016-04-28 AssociatePhysicalConnectionToVirtualBorderRouter: parameter EnableIpv6 is bool, documented as string":
    "a truth value all the same",
  "2016-04-28 PublishVpnRouteEntry: parameter RouteSource is not documented": "Terraform says so which policy-based route it means",
  "2016-04-28 CreateVpnAttachment: fields of TunnelOptionsSpecification are CustomerGatewayId: string, EnableDpd: bool, EnableNatTraversal: bool, TunnelBgpConfig: object, TunnelIkeConfig: object, TunnelIpsecConfig: object, Role: string, TunnelIndex: int, documented as CustomerGatewayId: string, EnableDpd: bool, EnableNatTraversal: bool, TunnelBgpConfig: object, TunnelIkeConfig: object, TunnelIndex: int, TunnelIpsecConfig: object":
    "clients send a Role too",
  "2016-04-28 ModifyVpnAttachmentAttribute: fields of TunnelOptionsSpecification are TunnelId: string, CustomerGatewayId: string, EnableDpd: bool, EnableNatTraversal: bool, TunnelBgpConfig: object, TunnelIkeConfig: object, TunnelIpsecConfig: object, Role: string, TunnelIndex: int, documented as CustomerGatewayId: string, EnableDpd: bool, EnableNatTraversal: bool, TunnelBgpConfig: object, TunnelId: string, TunnelIkeConfig: object, TunnelIndex: int, TunnelIpsecConfig: object":
    "the same",
  "2015-05-01 CreateRole: parameter MaxSessionDuration is int, documented as long": "at most 43200",
  "2015-05-01 UpdateRole: parameter NewMaxSessionDuration is int, documented as long": "at most 43200",
};

/** Their metadata marks no parameter as mandatory; the service checks by itself. */
const marksNothingRequired = [Ram];

const parameterTypes: Readonly<Record<Parameter["type"], string>> = {
  string: "string",
  boolean: "bool",
  integer: "int",
  number: "float",
  long: "long",
  list: "array",
  object: "object",
  // A JSON object travels as one text.
  json: "string",
};

function* parameterDifferences(operation: AnyOperation, known: Documented): Iterable<string> {
  const left = new Map(known.parameters.map((parameter) => [parameter.name, parameter]));
  for (const [name, { type, options, item, fields }] of Object.entries(operation.parameters)) {
    const other = left.get(name);
    left.delete(name);
    if (other === undefined) yield `parameter ${name} is not documented`;
    else {
      const shown = type === "list" ? "a list" : parameterTypes[type];
      if (parameterTypes[type] !== other.type) yield `parameter ${name} is ${shown}, documented as ${other.type}`;
      if ((options.required === true) !== other.required && !marksNothingRequired.includes(operation.product)) {
        yield `parameter ${name} is ${options.required === true ? "required" : "optional"}, documented as ${other.required ? "required" : "optional"}`;
      }
      if (other.items !== undefined && (item === undefined || parameterTypes[item.type] !== other.items)) {
        yield `members of ${name} are ${item?.type}, documented as ${other.items}`;
      }
      const inner = Object.entries(item?.fields ?? fields ?? {}).map(([field, one]) => `${field}: ${parameterTypes[one.type]}`);
      const documentedInner = (other.fields ?? []).map((field) => `${field.name}: ${field.type}`);
      // What a JSON object holds is documented in prose only.
      if (type !== "json" && inner.toSorted().join() !== documentedInner.toSorted().join()) {
        yield `fields of ${name} are ${inner.join(", ")}, documented as ${documentedInner.join(", ")}`;
      }
    }
  }
  for (const name of left.keys()) yield `parameter ${name} is not declared`;
}

const scalarTypes: Readonly<Record<string, string>> = { string: "string", integer: "int", boolean: "bool", long: "long" };

function pathsOf(fields: Fields, prefix = ""): [path: string, type: string][] {
  return Object.entries(fields).flatMap(([name, shape]) => pathsOfShape(`${prefix}${name}`, shape));
}
function pathsOfShape(path: string, shape: Shape): [string, string][] {
  switch (shape.type) {
    case "optional":
      return pathsOfShape(path, shape.inner);
    case "object":
      return [[path, "object"], ...pathsOf(shape.fields, `${path}.`)];
    case "list": {
      const { item } = shape;
      return item.type === "object"
        ? [[`${path}[]`, "array"], ...pathsOf(item.fields, `${path}[].`)]
        : [[`${path}[]`, `array<${scalarTypes[item.type] ?? item.type}>`]];
    }
    default:
      return [[path, scalarTypes[shape.type] ?? shape.type]];
  }
}

function* responseDifferences(operation: AnyOperation, known: Documented): Iterable<string> {
  const left = new Map(known.response.map(({ path, type }) => [path, type]));
  for (const [path, type] of [...pathsOf(operation.response), ["RequestId", "string"] as const]) {
    const other = left.get(path);
    left.delete(path);
    if (other === undefined) yield `response ${path} is not documented`;
    else if (other !== type) yield `response ${path} is ${type}, documented as ${other}`;
  }
  for (const path of left.keys()) yield `response ${path} is not declared`;
}

/** Every error that an operation declares: of its rules, its targets, its parameters. */
function declaredErrors(operation: AnyOperation): ErrorDefinition[] {
  return [
    ...targetsOf(operation).map(([, { missing }]) => missing),
    ...rulesOf(operation).map(({ error }) => error),
    ...errorsOf(operation),
  ];
}

function* errorDifferences(operation: AnyOperation, known: Documented): Iterable<string> {
  const seen = new Set<string>();
  for (const { http, code, message } of declaredErrors(operation)) {
    const rows = known.errors.filter((row) => row.code === code);
    if (rows.length === 0 || seen.has(`${http} ${code} ${message}`)) continue;
    seen.add(`${http} ${code} ${message}`);
    const sameStatus = rows.filter((row) => row.http === http);
    if (sameStatus.length === 0) yield `error ${http} ${code} has another status and text`;
    else if (!sameStatus.some((row) => row.message === message)) yield `error ${http} ${code} has another text`;
  }
}

const differences = operations.flatMap((operation) => {
  const key = operationKey(operation.product, operation.name);
  const known = documented[key];
  if (known === undefined) return [`${key}: the operation is not documented`];
  return [...parameterDifferences(operation, known), ...responseDifferences(operation, known), ...errorDifferences(operation, known)].map(
    (difference) => `${key}: ${difference}`,
  );
});

test("parameters, responses and errors are declared as documented, but for the exceptions named", () => {
  assert.ok(operations.length >= 28);
  assert.deepEqual(
    differences.filter((difference) => exceptions[difference] === undefined),
    [],
  );
});

test("every exception named still occurs", () => {
  assert.deepEqual(
    Object.keys(exceptions).filter((exception) => !differences.includes(exception)),
    [],
  );
});

test("an operation that is polled for names a read of the same product that exists", () => {
  const polled = operations.filter(({ pollWith }) => pollWith !== undefined);
  assert.ok(polled.length > 0);
  for (const { name, product, pollWith } of polled) {
    assert.ok(
      operations.some((other) => other.product === product && other.name === pollWith && "read" in other),
      `${name} is polled with ${pollWith}`,
    );
  }
});

test("no operation is declared twice", () => {
  const keys = operations.map(({ product, name }) => operationKey(product, name));
  assert.equal(new Set(keys).size, keys.length);
});

/** What looks like a code and is none: the names of features. */
const notCodes = ["LinkType.Gold", "LinkType.Platinum"];

test("every error code in the sources is declared by `error()`, and nowhere spelt out again", () => {
  const declaration = /\berror\(\s*\d+,\s*$/;
  const codes = new Set(Object.values(documented).flatMap(({ errors }) => errors.map(({ code }) => code)));
  // The commands are clients: like any other they compare codes that they receive.
  const files = sources.filter(({ path }) => !path.startsWith("src/cli/"));
  for (const { text } of files) {
    for (const { value, before } of literalsOf(text)) if (declaration.test(before)) codes.add(value);
  }
  assert.ok(codes.size > 100);
  const strays: string[] = [];
  for (const { path, text } of files) {
    for (const { value, before } of literalsOf(text)) {
      const looksLikeCode = codes.has(value) || /^[A-Z][A-Za-z0-9]+(\.[A-Z][A-Za-z0-9]+)+$/.test(value);
      if (looksLikeCode && !declaration.test(before) && !notCodes.includes(value)) strays.push(`${path}: ${value}`);
    }
  }
  assert.deepEqual(strays, []);
});

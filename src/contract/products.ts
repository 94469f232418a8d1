import type { ErrorDefinition } from "./errors.ts";
import { gatewayErrors } from "./gateway-errors.ts";
import knownOperations from "./known-operations.json" with { type: "json" };

/** A product of the cloud. The version alone tells products apart on the shared port. */
export interface Product {
  readonly name: string;
  readonly version: string;
  /** Answer to callers without permission, unless an operation has its own; `Forbidden.RAM` unless said. */
  readonly notPermitted?: ErrorDefinition;
}

export const Vpc: Product = { name: "Vpc", version: "2016-04-28" };
export const VpcPeer: Product = { name: "VpcPeer", version: "2022-01-01" };
export const Ram: Product = { name: "Ram", version: "2015-05-01", notPermitted: gatewayErrors.ramNotPermitted };
export const Sts: Product = { name: "Sts", version: "2015-04-01", notPermitted: gatewayErrors.stsNotPermitted };
// Products of which only the few calls are here that clients make before they use the others.
export const Ecs: Product = { name: "Ecs", version: "2014-05-26" };
export const Location: Product = { name: "Location", version: "2015-06-12" };
export const ResourceManager: Product = { name: "ResourceManager", version: "2020-03-31" };
export const BssOpenApi: Product = { name: "BssOpenApi", version: "2017-12-14" };

/** Every product whose version this server recognises. */
export const products: readonly Product[] = [Vpc, VpcPeer, Ram, Sts, Ecs, Location, ResourceManager, BssOpenApi];

/** Names of the operations that the official SDKs know of a version, whether this server has them or not. */
export function knownOperationNames(version: string): readonly string[] {
  return (knownOperations as Readonly<Record<string, readonly string[]>>)[version] ?? [];
}

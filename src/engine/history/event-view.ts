import type { ResourceBase } from "../../contract/resource-kind.ts";
import { type Kinds, withLaterFields } from "../resources.ts";
import type { ChangeRow } from "../store.ts";

/** One change of one resource, without the resource's fields and hence without its secrets. */
export interface EventView {
  readonly id: number;
  /** Virtual time, ISO 8601. */
  readonly at: string;
  readonly kind: string;
  readonly resource: string;
  /** The owner. */
  readonly account: string;
  readonly region: string;
  readonly version: number;
  readonly event: string;
  /** States; empty before a resource is made, and when it is gone. */
  readonly from: string;
  readonly to: string;
  /** RequestId of the call, `task`, `administration`, or what brought an earlier state back. */
  readonly cause: string;
  /** ARN of the caller, or `system`. */
  readonly principal: string;
}

/** An event with the resource as it was on either side of it, its secrets sealed; `undefined` where it is not there. */
export interface Change {
  readonly view: EventView;
  readonly before: ResourceBase | undefined;
  readonly after: ResourceBase | undefined;
}

export function changeOf(row: ChangeRow, kinds: Kinds): Change {
  const { id, at, kind, resource, account, version, event, cause, principal } = row;
  const imageOf = (image: string | null): ResourceBase | undefined =>
    image === null ? undefined : (withLaterFields(kinds.get(kind), JSON.parse(image) as object) as unknown as ResourceBase);
  const [before, after] = [imageOf(row.before), imageOf(row.image)];
  const { region = "" } = after ?? before ?? {};
  const view = { id, at: new Date(at).toISOString(), kind, resource, account, region, version, event };
  return { view: { ...view, from: before?.state ?? "", to: after?.state ?? "", cause, principal }, before, after };
}

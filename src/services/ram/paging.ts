import { invalidParameter } from "../../contract/errors.ts";
import { listByToken } from "../../contract/lists.ts";
import type { Call, Rule } from "../../contract/operation.ts";
import { integer, string } from "../../contract/parameters.ts";
import { bool, optional, text } from "../../contract/response.ts";
import type { Filter, Resource, ResourceKind, ResourceReader } from "../../contract/resource-kind.ts";

/** Lists of RAM are continued by `Marker`, at most `MaxItems` at a time. */

interface MarkedPage {
  readonly Marker: string | undefined;
  readonly MaxItems: number;
}

export const markerParameters = {
  Marker: string({ description: "the Marker of the page before" }),
  MaxItems: integer({ default: 100, min: 1, max: 1000 }),
} as const;

/** Rule of every operation with `markerParameters`. */
export const markerIsOurs: Rule<Pick<Call, "state"> & { readonly input: MarkedPage }> = {
  rule: "Marker came from an earlier page of this list",
  error: invalidParameter("Marker"),
  source: "inferred",
  holds: ({ input, state }) => !Number.isNaN(state.positionOf(input.Marker)),
};

/** Says whether more follows, and where it begins if so. */
export const markerFields = { IsTruncated: bool, Marker: optional(text) } as const;

/** A page of the resources that match `filter`, in creation order, with the `markerFields`. */
export async function listByMarker<B extends object>(
  state: ResourceReader,
  kind: ResourceKind<B>,
  filter: Filter,
  { Marker, MaxItems }: MarkedPage,
): Promise<{ readonly items: readonly Resource<B>[]; readonly IsTruncated: boolean; readonly Marker: string | undefined }> {
  const { items, next } = await listByToken(state, kind, filter, Marker, MaxItems);
  return { items, IsTruncated: next !== undefined, Marker: next };
}

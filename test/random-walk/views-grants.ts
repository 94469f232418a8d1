import type { Model } from "./model.ts";
import type { Grant } from "./things.ts";
import { here, type ListRead, numbered } from "./views.ts";

/** What reads of grants must answer, from the model: every field. */

function grantView(model: Model, of: Grant, reader: string): Record<string, unknown> {
  const granted = model.vpcs.find(({ id }) => id === of.vpcId);
  return {
    AliUid: Number(of.account),
    GmtCreate: `${new Date(of.createdAt).toISOString().slice(0, 16)}Z`,
    GrantType: of.routerId === "" ? "All" : "Specify",
    InstanceId: of.vpcId,
    InstanceName: granted?.name,
    InstanceRouterId: granted?.routerId,
    RegionNo: of.region,
    Status: "Created",
    VbrInstanceId: reader,
    VbrOwnerUid: Number(of.vbrOwner),
    VbrRegionNo: of.vbrRegion,
  };
}
/** The grants that a VPC of the account gave, or those that one of its routers has: the ones for all routers first. */
const describeEcGrantRelation: ListRead = (model, place, random) => {
  const { by, region } = place;
  const vpcs = model.vpcs.filter(here(place));
  const routers = model.borderRouters.filter(here(place));
  const isOfRouter = routers.length > 0 && (vpcs.length === 0 || random?.chance(0.5) === true);
  const of = isOfRouter ? (random?.pick(routers) ?? routers[0]) : vpcs.length > 0 ? (random?.pick(vpcs) ?? vpcs[0]) : undefined;
  const to = (id: string): Grant[] =>
    model.grants.filter(({ vbrOwner, vbrRegion, routerId }) => vbrOwner === by.id && vbrRegion === region && routerId === id);
  const found = isOfRouter ? [...to(""), ...to(of?.id ?? "")] : model.grants.filter(({ vpcId }) => vpcId === of?.id);
  const { parameters, page, echo } = numbered(random, found);
  const { PageNumber: Page, ...more } = echo as Record<string, unknown>;
  const kind = isOfRouter ? { InstanceType: "VBR", VbrRegionNo: region } : { InstanceType: "VPC" };
  const asked = {
    by,
    product: "vpc",
    action: "DescribeEcGrantRelation",
    parameters: { ...kind, InstanceId: of?.id ?? "vpc-nowhere", ...parameters },
  } as const;
  if (of === undefined) return { ...asked, of: ({ Code }) => Code, expected: "Instance.NotExist" };
  const EcGrantRelations = page.map((one) => grantView(model, one, isOfRouter ? of.id : one.routerId));
  return { ...asked, expected: { ...more, Page, Count: page.length, EcGrantRelations } };
};

export const grantLists: readonly ListRead[] = [describeEcGrantRelation];

import { clientToken, optionalId } from "../../../contract/common-parameters.ts";
import { invalidParameter, missingParameter } from "../../../contract/errors.ts";
import { type Call, type Rule, target, writeOperation } from "../../../contract/operation.ts";
import { string } from "../../../contract/parameters.ts";
import { BssOpenApi } from "../../../contract/products.ts";
import { bool, long, structure, text } from "../../../contract/response.ts";
import { entriesTo } from "../../vpc/route-entry.ts";
import { allows } from "../../../contract/state-table.ts";
import { newOrderId } from "../../order-id.ts";
import { refundErrors } from "./errors.ts";
import { type RouterInterface, routerInterface } from "./router-interface.ts";

/** Codes under which router interfaces are sold: on the domestic site, and on the international one. */
const productCodes = ["ri", "ri_pre_intl"];
interface Request extends Pick<Call, "state"> {
  readonly input: { readonly ProductCode: string | undefined; readonly InstanceId: string | undefined };
  readonly targets: { readonly routerInterface?: RouterInterface };
}

export const refundInstance = writeOperation({
  product: BssOpenApi,
  name: "RefundInstance",
  summary:
    "Gives back a router interface that is paid in advance, which is released at once. Nothing else that is sold in advance is refunded here.",
  authorisation: { action: "bss:RefundBatchRemainRefund", resources: ["*"], source: "public-docs" },
  parameters: {
    ClientToken: clientToken,
    // Only some products can be stopped before they are released, and router interfaces are none of them.
    ImmediatelyRelease: string({ default: "1", pattern: /^1$/, description: "1: the instance is released at once" }),
    InstanceId: optionalId,
    ProductCode: string(),
    ProductType: string(),
  },
  response: { Code: text, Data: structure({ HostId: text, OrderId: long }), Message: text, Success: bool },
  // An account is billed for all regions alike, so the call names none.
  targets: {
    routerInterface: target({
      kind: routerInterface,
      parameter: "InstanceId",
      missing: refundErrors.notFound,
    }),
  },
  check: [
    ...(["InstanceId", "ProductCode"] as const).map((name): Rule<Request> => ({
      rule: `${name} is given`,
      error: missingParameter(name),
      holds: ({ input }) => input[name] !== undefined,
    })),
    {
      rule: "ProductType is empty",
      error: invalidParameter("ProductType"),
      holds: ({ input }) => input.ProductType === undefined,
    },
    {
      rule: `ProductCode is the product of the instance: ${productCodes.join(" or ")}`,
      error: refundErrors.notFound,
      holds: ({ input }) => productCodes.includes(input.ProductCode ?? ""),
    },
    {
      rule: "the router interface is paid in advance",
      error: refundErrors.status,
      source: "inferred",
      holds: ({ targets }) => targets.routerInterface?.ChargeType === "Prepaid",
    },
    {
      rule: "the router interface is in a state that allows RefundInstance",
      error: refundErrors.status,
      holds: ({ targets }) => allows(routerInterface.states, targets.routerInterface?.state ?? "", "RefundInstance"),
      subject: ({ targets }) => targets.routerInterface && { kind: routerInterface, resource: targets.routerInterface },
    },
    {
      rule: "operations do not lock the router interface, and no route entry leads over it",
      error: refundErrors.status,
      source: "inferred",
      holds: async ({ state, targets: { routerInterface: own } }) =>
        own?.OperationLock === "" && (await entriesTo(state, "RouterInterface", own.id)).length === 0,
    },
  ],
  apply: async ({ state, targets: { routerInterface: own } }) => {
    await state.move(routerInterface, own, "RefundInstance");
    return { Code: "200", Data: { HostId: "cn", OrderId: newOrderId(state) }, Message: "success", Success: true };
  },
});

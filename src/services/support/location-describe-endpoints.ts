import { readOperation } from "../../contract/operation.ts";
import { string } from "../../contract/parameters.ts";
import { Location, products } from "../../contract/products.ts";
import { regionById } from "../../contract/regions.ts";
import { bool, structure, text, wrapped } from "../../contract/response.ts";

export const locationDescribeEndpoints = readOperation({
  product: Location,
  name: "DescribeEndpoints",
  summary: "Says where a product of a region is served: all that this server has, at the address where it was asked.",
  authorisation: { action: null, resources: [], source: "inferred" },
  parameters: { Id: string({ required: true }), ServiceCode: string({ required: true }), Type: string() },
  response: {
    Endpoints: wrapped(
      "Endpoint",
      structure({
        Endpoint: text,
        Id: text,
        Namespace: text,
        Protocols: wrapped("Protocols", text),
        // Spelt so by the service.
        SerivceCode: text,
        Type: text,
      }),
    ),
    Success: bool,
  },
  read: async ({ input, host }) => {
    const isHere =
      regionById(input.Id) !== undefined && products.some(({ name }) => name.toLowerCase() === input.ServiceCode.toLowerCase());
    const endpoint = {
      Endpoint: host,
      Id: input.Id,
      Namespace: "",
      Protocols: { Protocols: ["HTTP", "HTTPS"] },
      SerivceCode: input.ServiceCode,
      Type: "openAPI",
    };
    return { Endpoints: { Endpoint: isHere && (input.Type ?? "openAPI") === "openAPI" ? [endpoint] : [] }, Success: true };
  },
});

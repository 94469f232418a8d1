import { WritableResources } from "../../src/engine/resources.ts";
import { kinds } from "../../src/services/index.ts";
import { customerGateway } from "../../src/services/vpn/customer-gateway.ts";
import { secretBoxFrom } from "../../src/engine/secrets.ts";
import { hangzhou } from "../support/networks.ts";
import { type InProcessServer, requesterKey } from "../support/server.ts";
import { join } from "node:path";

const perWrite = 5_000;

/** Makes so many customer gateways of the requester, each with a secret, past the wire: a store that work takes a while on. */
export async function fill(server: InProcessServer, count: number): Promise<void> {
  const secrets = secretBoxFrom(join(server.folder, "key"));
  const kindsByName = new Map(kinds.map((kind) => [kind.name, kind]));
  for (let done = 0; done < count; done += perWrite) {
    await server.store.write(async (rows) => {
      const context = { now: Date.now(), pace: "stepped", cause: "fill", principal: "system" } as const;
      const state = new WritableResources(rows, kindsByName, secrets, context);
      for (let index = done; index < Math.min(count, done + perWrite); index++) {
        const ipAddress = `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
        const body = { name: `filled-${index}`, description: "", ipAddress, asn: "65001", authKey: `secret-${index}` };
        const place = { id: state.newId(customerGateway, hangzhou), account: requesterKey.account, region: hangzhou };
        await state.create(customerGateway, { ...place, ...body }, "CreateCustomerGateway");
      }
    });
  }
}

import { addressAt, addressCount } from "../../contract/cidr.ts";
import type { ResourceWriter } from "../../contract/resource-kind.ts";
import { vpnGateway } from "./vpn-gateway.ts";

/** Where the public ends of gateways get their addresses: a range that no network uses for itself (RFC 2544). */
const publicRange = "198.18.0.0/15";

/** An address of a block that no gateway has, chosen at random; of the public range for a gateway that faces the internet. */
export async function freeAddress(state: ResourceWriter, block: string = publicRange): Promise<string> {
  const count = addressCount(block);
  for (;;) {
    // Neither the first nor the last three addresses of a block are anybody's.
    const address = addressAt(block, 1 + (Number.parseInt(state.randomHex(4), 16) % Math.max(1, count - 4)));
    if ((await state.list(vpnGateway, [["address", address]], { limit: 1 })).length === 0 || count <= 4) return address;
  }
}

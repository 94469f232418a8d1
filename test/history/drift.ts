import type { Caller, Parameters } from "../support/caller.ts";
import { operations } from "../../src/services/index.ts";
import { hangzhou } from "../support/networks.ts";
import { policyDocument } from "../support/principals.ts";
import type { Random } from "../support/random.ts";
import type { TestServer } from "../support/server.ts";

interface Known {
  readonly id: string;
  readonly owner: Caller;
}

/** Clients of two accounts that write at random. Many calls are refused, which is part of it. */
export class Drift {
  readonly #server: TestServer;
  readonly #random: Random;
  /** Ids and names that were handed out, by what they are of. */
  readonly #known = new Map<string, Known[]>();
  #made = 0;
  /** Calls that changed something. */
  succeeded = 0;

  constructor(server: TestServer, random: Random) {
    this.#server = server;
    this.#random = random;
  }

  /** Many networks need more room than accounts have by default. */
  async prepare(): Promise<void> {
    const quotas = [{ name: "Vpc", value: 10_000 }];
    await this.#server.admin("PUT", "settings", { quotas });
  }

  async step(): Promise<void> {
    await this.#random.pick(this.#writes)();
  }

  readonly #writes: readonly (() => Promise<unknown>)[] = [
    () => this.#create("vpc", "CreateVpc", { CidrBlock: `10.${this.#random.below(250)}.0.0/16`, VpcName: this.#name() }, "VpcId"),
    () => this.#create("vpc", "CreateVpc", { CidrBlock: "192.168.0.0/16", ClientToken: `token-${this.#random.below(20)}` }, "VpcId"),
    () => this.#change("vpc", "ModifyVpcAttribute", (VpcId) => ({ VpcId, VpcName: this.#name() })),
    () => this.#change("vpc", "DeleteVpc", (VpcId) => ({ VpcId })),
    () => this.#change("vpc", "CreateVSwitch", (VpcId) => ({ VpcId, ZoneId: "cn-hangzhou-b", CidrBlock: "192.168.1.0/24" })),
    () =>
      this.#change("vpc", "TagResources", (id) => ({ ResourceType: "VPC", ResourceId: [id], Tag: [{ Key: "k", Value: this.#name() }] })),
    () =>
      this.#create(
        "customer",
        "CreateCustomerGateway",
        { IpAddress: this.#address(), Asn: 65001, AuthKey: "a-bgp-key" },
        "CustomerGatewayId",
      ),
    () => this.#change("customer", "DeleteCustomerGateway", (CustomerGatewayId) => ({ CustomerGatewayId })),
    () => this.#ask(),
    () => this.#ask(),
    () => this.#change("peering", "AcceptVpcPeerConnection", (InstanceId) => ({ InstanceId }), this.#server.accepter),
    () => this.#change("peering", "ModifyVpcPeerConnection", (InstanceId) => ({ InstanceId, Name: this.#name() })),
    () => this.#change("peering", "DeleteVpcPeerConnection", (InstanceId) => ({ InstanceId })),
    () => this.#create("user", "CreateUser", { UserName: this.#name() }, "User.UserName"),
    () => this.#change("user", "CreateAccessKey", (UserName) => ({ UserName })),
    () => this.#change("user", "DeleteUser", (UserName) => ({ UserName })),
    () => this.#create("policy", "CreatePolicy", { PolicyName: this.#name(), PolicyDocument: allowingNothing }, "Policy.PolicyName"),
    () => this.#change("policy", "DeletePolicy", (PolicyName) => ({ PolicyName })),
    () => this.#server.advance(this.#random.pick([1, 10, 30, 60])),
    () => this.#server.advance(30),
  ];

  #name(): string {
    return `drift-${(this.#made += 1)}`;
  }
  #address(): string {
    return `203.0.113.${this.#random.below(250)}`;
  }
  async #create(what: string, action: string, parameters: Parameters, path: string): Promise<void> {
    const owner = this.#random.chance(0.7) ? this.#server.requester : this.#server.accepter;
    const body = await this.#call(owner, action, parameters);
    const id = path.split(".").reduce((part, name) => part?.[name], body);
    if (typeof id === "string") this.#remember(what, id, owner);
  }
  #remember(what: string, id: string, owner: Caller): void {
    this.#known.set(what, [...(this.#known.get(what) ?? []), { id, owner }]);
  }
  /** What is likely to be there still; nothing of some kind may have been made yet. */
  #some(what: string): Known | undefined {
    const known = this.#known.get(what) ?? [];
    return known.length === 0 ? undefined : this.#random.pick(known.slice(-8));
  }
  async #change(what: string, action: string, parameters: (id: string) => Parameters, by?: Caller): Promise<void> {
    const some = this.#some(what);
    if (some !== undefined) await this.#call(by ?? some.owner, action, parameters(some.id));
  }
  async #ask(): Promise<void> {
    const [mine, other] = [this.#some("vpc"), this.#some("vpc")];
    if (mine === undefined || other === undefined) return;
    const accepting = { AcceptingVpcId: other.id, AcceptingAliUid: other.owner.key.account, AcceptingRegionId: hangzhou };
    const body = await this.#call(mine.owner, "CreateVpcPeerConnection", { VpcId: mine.id, ...accepting });
    if (typeof body.InstanceId === "string") this.#remember("peering", body.InstanceId, mine.owner);
  }
  async #call(caller: Caller, action: string, parameters: Parameters): Promise<any> {
    const product = operations.find(({ name }) => name === action)?.product.version ?? "";
    const { status, body, text } = await caller.call(product, action, { RegionId: hangzhou, ...parameters });
    if (status >= 500) throw new Error(text);
    if (status === 200) this.succeeded += 1;
    return body;
  }
}

const allowingNothing = policyDocument({ Effect: "Deny", Action: "*", Resource: "*" });

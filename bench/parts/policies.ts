// A signed read by users whose permission is judged by many statements, and by one.
import type { Key } from "../../test/support/caller.ts";
import type { Figure } from "../figure.ts";
import type { Call } from "../load.ts";
import type { Product } from "../processes.ts";
import { comparedWith, rateFigure, requesterCall, type Workbench } from "../workbench.ts";
import { ask } from "./reads.ts";

const policiesOfMany = 50;
const statementsOfPolicy = 20;

export async function policies(bench: Workbench): Promise<Figure[]> {
  const store = await bench.connections(bench.scale.few);
  const product = await bench.product(store);
  await product.putSettings({ quotas: [{ name: "AttachedPoliciesPerUserQuota", value: policiesOfMany }] });
  const read = Array.from(
    { length: policiesOfMany * statementsOfPolicy },
    (_, index) => store.connections[index % store.connections.length] ?? "",
  );
  bench.say(
    `signed read by a user with ${policiesOfMany} policies of ${statementsOfPolicy} statements, and by one with a single statement`,
  );
  // Each of the thousand statements is about the action that is called, on one of the connections: none can be left out by its action.
  const many = await userWith(
    product,
    "many",
    Array.from({ length: policiesOfMany }, (_, index) => read.slice(index * statementsOfPolicy, (index + 1) * statementsOfPolicy)),
  );
  const one = await userWith(product, "one", [["*"]]);
  const callsOf = (key: Key) =>
    read.map((InstanceId): Call => ({ key, product: "VpcPeer", action: "GetVpcPeerConnectionAttribute", parameters: { InstanceId } }));
  const rounds = await bench.inTurns(
    { one: { port: product.port, calls: callsOf(one) }, many: { port: product.port, calls: callsOf(many) } },
    bench.scale.reads,
  );
  await product.stop();
  const ofOne = rateFigure("policy-one", "signed get by a user with 1 policy of 1 statement", rounds.one);
  const what = `signed get by a user with ${policiesOfMany} policies of ${statementsOfPolicy} statements`;
  return [ofOne, comparedWith(rateFigure("policies", what, rounds.many), ofOne, "with a single statement")];
}

/** A user with one policy for each list of connections, which has a statement for each of them; its key. */
async function userWith(product: Product, UserName: string, connections: readonly (readonly string[])[]): Promise<Key> {
  const ram = (action: string, parameters: Call["parameters"]) => ask(product, requesterCall("Ram", action, parameters));
  await ram("CreateUser", { UserName });
  for (const [index, ids] of connections.entries()) {
    const PolicyName = `${UserName}-${index}`;
    const Statement = ids.map((id) => ({
      Effect: "Allow",
      Action: ["vpc:GetVpcPeerConnectionAttribute", "vpc:ModifyVpcPeerConnection"],
      Resource: `acs:vpc:*:*:vpcpeer/${id}`,
    }));
    await ram("CreatePolicy", { PolicyName, PolicyDocument: JSON.stringify({ Version: "1", Statement }) });
    await ram("AttachPolicyToUser", { PolicyType: "Custom", PolicyName, UserName });
  }
  const { AccessKey } = await ram("CreateAccessKey", { UserName });
  return { account: "", id: AccessKey.AccessKeyId, secret: AccessKey.AccessKeySecret };
}

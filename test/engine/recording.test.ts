import assert from "node:assert/strict";
import { test } from "node:test";
import { userCaller } from "../../src/engine/principals.ts";
import { Recording, recordedMax, type RecordingView } from "../../src/engine/recording.ts";
import { policyDocumentLengthMax } from "../../src/services/ram/policies/policy.ts";

const caller = userCaller({ account: "1", id: "2", name: "user" } as Parameters<typeof userCaller>[0], "LTAI");
const access = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ resource: `acs:vpc:*:1:vpc/vpc-${from + index}`, resourceGroup: "", tags: [] }));
const resourcesOf = ({ principals }: RecordingView): string[] =>
  principals.flatMap(({ policies }) => policies.flatMap((policy: any) => policy.Statement.flatMap(({ Resource }: any) => Resource)));

test("a recording remembers so many resources, over all principals and actions, and counts what it leaves out", () => {
  const recording = new Recording();
  recording.start(0);
  recording.note(caller, "vpc:DescribeVpcAttribute", access(0, recordedMax - 1));
  recording.note(caller, "vpc:DeleteVpc", access(0, 1));
  assert.equal(recording.view().omitted, 0);
  // What is remembered already takes no more room.
  recording.note(caller, "vpc:DeleteVpc", access(0, 1));
  assert.equal(recording.view().omitted, 0);
  recording.note(caller, "vpc:DeleteVpc", access(1, 2));
  recording.note(caller, "vpc:CreateVpc", access(0, 1));
  const view = recording.view();
  assert.equal(view.omitted, 2);
  assert.equal(resourcesOf(view).length, recordedMax);
  // An action of which no resource is remembered is in no policy: one without resources would be none.
  assert.equal(JSON.stringify(view).includes("vpc:CreateVpc"), false);
  for (const policy of view.principals.flatMap(({ policies }) => policies)) {
    assert.ok(JSON.stringify(policy).length <= policyDocumentLengthMax);
  }

  recording.start(1000);
  assert.deepEqual(recording.view(), { isOn: true, since: "1970-01-01T00:00:01.000Z", principals: [], omitted: 0 });
});

test("what is noted while no recording is on is not recorded", () => {
  const recording = new Recording();
  recording.note(caller, "vpc:DeleteVpc", access(0, 1));
  assert.deepEqual(recording.view(), { isOn: false, since: null, principals: [], omitted: 0 });
  recording.start(0);
  recording.note(caller, "vpc:DeleteVpc", access(0, 1));
  recording.stop();
  recording.note(caller, "vpc:DeleteVpc", access(1, 2));
  assert.deepEqual(resourcesOf(recording.view()), ["acs:vpc:*:1:vpc/vpc-0"]);
});

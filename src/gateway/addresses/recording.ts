import { Refusal } from "../../contract/errors.ts";
import { adminErrors } from "../../contract/gateway-errors.ts";
import { address } from "./address.ts";
import { integerNumber, listOf, nullable, objectOf, text, time, truth } from "./schemas.ts";

/** From what was called to the least policy that allows it. */

const answers = {
  description: "What was recorded, as policies for each principal.",
  schema: objectOf({
    isOn: truth,
    since: nullable(time),
    principals: listOf(objectOf({ principal: text, policies: listOf({ type: "object" }) })),
    omitted: integerNumber,
  }),
};

const read = address({
  method: "GET",
  path: "/recording",
  summary: "What has been recorded so far.",
  answers,
  handle: ({ behind }) => behind.engine.recording.view(),
});

const start = address({
  method: "POST",
  path: "/recording",
  summary: "Begins to record which permissions calls need, and forgets what was recorded before.",
  answers: { ...answers, status: 201 },
  refusals: [adminErrors.recordingIsOn],
  handle: ({ behind: { engine } }) => {
    const { isOn, since } = engine.recording.view();
    if (isOn)
      throw new Refusal(
        adminErrors.recordingIsOn,
        [String(since)],
        "end it first, with DELETE on this address or `linkspan record stop`: either tells what it has recorded",
      );
    engine.recording.start(Date.now());
    return engine.recording.view();
  },
});

const stop = address({
  method: "DELETE",
  path: "/recording",
  summary: "Ends the recording and tells what it has.",
  answers,
  handle: ({ behind: { engine } }) => {
    engine.recording.stop();
    return engine.recording.view();
  },
});

export const recordingAddresses = [read, start, stop];

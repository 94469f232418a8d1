import { missingParameter, Refusal } from "../../contract/errors.ts";
import { gatewayErrors } from "../../contract/gateway-errors.ts";
import { integer, string } from "../../contract/parameters.ts";
import { isPace, paces, virtualTimeMax } from "../../engine/clock.ts";
import type { Engine } from "../../engine/engine.ts";
import { address } from "./address.ts";
import { objectOf, oneOf, time, truth } from "./schemas.ts";

/** Virtual time. */

/** The furthest that one call may advance the clock, in milliseconds: a hundred years. */
const advanceMax = 100 * 365 * 24 * 60 * 60 * 1000;

const answers = {
  description: "Virtual time; in pace `stepped` it stands still until it is advanced.",
  schema: objectOf({ now: time, pace: oneOf(...Object.keys(paces)), standsStill: truth }),
};

const read = address({
  method: "GET",
  path: "/clock",
  summary: "Virtual time and pace.",
  answers,
  handle: ({ behind }) => clockView(behind.engine),
});

const advance = address({
  method: "POST",
  path: "/clock/advance",
  summary: "Moves virtual time forward, and answers when all that became due is done.",
  body: { fields: { milliseconds: integer({ min: 0, max: advanceMax }), seconds: integer({ min: 0, max: advanceMax / 1000 }) } },
  answers,
  handle: async ({ behind: { engine }, body: { milliseconds = 0, seconds = 0 } }) => {
    if (milliseconds + seconds === 0) throw new Refusal(missingParameter("seconds"), [], 'send {"seconds": 30} or {"milliseconds": 500}');
    const { now } = await engine.clock();
    if (now + milliseconds + 1000 * seconds > virtualTimeMax) {
      throw new Refusal(gatewayErrors.parameterInvalid, ["seconds"], "virtual time ends with the year 9999");
    }
    await engine.advance(milliseconds + 1000 * seconds);
    return clockView(engine);
  },
});

const setPace = address({
  method: "POST",
  path: "/clock/pace",
  summary: "Sets how long asynchronous work takes.",
  body: { fields: { pace: string({ required: true, valid: isPace, description: Object.keys(paces).join(", ") }) } },
  answers,
  handle: async ({ behind: { engine }, body: { pace } }) => {
    if (isPace(pace)) await engine.setPace(pace);
    return clockView(engine);
  },
});

async function clockView(engine: Engine): Promise<Readonly<Record<string, unknown>>> {
  const { now, pace, stoppedAt } = await engine.clock();
  return { now: new Date(now).toISOString(), pace, standsStill: stoppedAt !== null };
}

export const clockAddresses = [read, advance, setPace];

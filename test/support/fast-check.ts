import { env } from "node:process";
import fc from "fast-check";

/** fast-check, which takes the seed that random tests take when one is given; otherwise a property that fails tells its own. */
const given = env["LINKSPAN_TEST_SEED"];
if (given !== undefined) {
  const seed = Number(given);
  if (!Number.isSafeInteger(seed)) throw new Error(`LINKSPAN_TEST_SEED=${given} is no whole number`);
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
}

export default fc;

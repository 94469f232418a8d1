import { env } from "node:process";
import fc from "fast-check";

/** fast-check, which takes the seed that random tests take when one is given; otherwise a property that fails tells its own. */
const seed = env["LINKSPAN_TEST_SEED"];
if (seed !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });

export default fc;

/** Specifications of router interfaces with what they carry, in Mbit/s. */
export const specs: Readonly<Record<string, number>> = {
  "Mini.2": 2,
  "Mini.5": 5,
  "Small.1": 10,
  "Small.2": 20,
  "Small.5": 50,
  "Middle.1": 100,
  "Middle.2": 200,
  "Middle.5": 500,
  "Large.1": 1000,
  "Large.2": 2000,
  "Large.5": 5000,
  "Xlarge.1": 10_000,
};
/** What an accepting side has instead, and no bandwidth of its own: the service shows 0 for it from either end. */
export const negativeSpec = "Negative";

// The disk's own rate: appends 4 KiB to a file and waits until they are on the disk, one after another.
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs";
import { argv } from "node:process";

const [path = "", seconds = "1"] = argv.slice(2);
const block = Buffer.alloc(4096, "x");
const file = openSync(path, "w");
const started = performance.now();
const end = started + Number(seconds) * 1000;
let syncs = 0;
let now = started;
while (now < end) {
  writeSync(file, block);
  fdatasyncSync(file);
  syncs++;
  now = performance.now();
}
closeSync(file);
rmSync(path);
process.send?.({ perSecond: (syncs / (now - started)) * 1000 });

/** Reads the output of strace: which system call a process made, and in what order. */

export interface SystemCall {
  readonly name: string;
  /** What the first argument, a file descriptor, stands for: a path or `TCP:[…]`. */
  readonly file: string;
  /** Arguments and result as strace prints them. */
  readonly text: string;
  /** Places of its beginning and its end in the order of all beginnings and ends. */
  readonly begin: number;
  readonly end: number;
}

/** The calls of a trace made with `-f -yy`. A call that another thread interrupts in the print stands on two lines. */
export function systemCalls(trace: string): SystemCall[] {
  const calls: SystemCall[] = [];
  const unfinished = new Map<string, { text: string; begin: number }>();
  for (const [place, line] of trace.split("\n").entries()) {
    const [, thread = "", rest = ""] = /^(\d+) +(.*)$/s.exec(line) ?? [];
    const started = /^(.*) <unfinished \.\.\.>$/s.exec(rest)?.[1];
    if (started !== undefined) {
      unfinished.set(thread, { text: started, begin: place });
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/s.exec(rest)?.[1];
    const before = resumed === undefined ? undefined : unfinished.get(thread);
    const text = before === undefined ? rest : before.text + resumed;
    const [, name, file] = /^(\w+)\(\d+<(.*?)>[,)]/s.exec(text) ?? [];
    if (name !== undefined && file !== undefined) calls.push({ name, file, text, begin: before?.begin ?? place, end: place });
  }
  return calls;
}

const isAnswer = ({ name, file, text }: SystemCall): boolean =>
  /^(write|writev|sendto|sendmsg)$/.test(name) && file.startsWith("TCP:") && text.includes("HTTP/1.1 ");
const isSync = ({ name, file, text }: SystemCall): boolean =>
  /^(fsync|fdatasync)$/.test(name) && file.endsWith("linkspan.db-wal") && text.endsWith("= 0");

/**
 * What is wrong with the order of one write's calls: its request is read, its data is written to the log, the log is synced, its answer
 * is sent. `marker` stands in the request and in the data. `undefined` when all is well.
 */
export function disorder(calls: readonly SystemCall[], marker: string): string | undefined {
  const request = calls.find(({ name, file, text }) => /^(read|recv)/.test(name) && file.startsWith("TCP:") && text.includes(marker));
  if (request === undefined) return `${marker}: its request was not read`;
  const answer = calls.find((call) => isAnswer(call) && call.file === request.file && call.begin > request.end);
  if (answer === undefined) return `${marker}: it was not answered`;
  const written = calls.find(
    ({ name, file, text, begin }) =>
      name.startsWith("pwrite") && file.endsWith("linkspan.db-wal") && text.includes(marker) && begin > request.end,
  );
  if (written === undefined || written.end > answer.begin) return `${marker}: answered before its data was written`;
  const synced = calls.find((call) => isSync(call) && call.begin > written.end);
  if (synced === undefined || synced.end > answer.begin) return `${marker}: answered before its data was synced`;
  return undefined;
}

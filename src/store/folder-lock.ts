import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** SQLite's result code for a database that another connection has locked. */
const busyCode = 5;

/**
 * Takes the folder's lock for the life of this process. The lock is the operating system's, held through a database file,
 * so a killed server leaves none behind; the pid in it only names the holder.
 */
export function lockFolder(folder: string): DatabaseSync {
  const lock = new DatabaseSync(join(folder, "lock"));
  try {
    lock.exec("PRAGMA journal_mode=DELETE; BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS holder (pid INTEGER); DELETE FROM holder");
    lock.prepare("INSERT INTO holder (pid) VALUES (?)").run(process.pid);
    // Holding the write lock from here on keeps other servers out and still lets them read who holds it.
    lock.exec("COMMIT; BEGIN IMMEDIATE");
    return lock;
  } catch (error) {
    const holder = lockHolder(lock);
    lock.close();
    if ((error as { errcode?: number }).errcode !== busyCode)
      throw new Error(`${folder} cannot be locked: ${String(error)}`, { cause: error });
    throw new Error(
      `${folder} is in use by another Linkspan server${holder === undefined ? "" : ` (process ${holder})`}. ` +
        "Stop it, or give this one a folder of its own with LINKSPAN_DATA.",
      { cause: error },
    );
  }
}

function lockHolder(lock: DatabaseSync): number | undefined {
  try {
    return (lock.prepare("SELECT pid FROM holder").get() as { pid: number } | undefined)?.pid;
  } catch {
    return undefined;
  }
}

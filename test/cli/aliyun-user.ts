import type { Finished } from "./run.ts";

/** One user's shell: their key, a home of its own, and the CLI on the path. */
export interface User {
  /** Runs `aliyun …` as written, which a shell takes apart. */
  aliyun(line: string): Promise<Finished>;
  /** The answer of a call that succeeds. */
  answer(line: string): Promise<any>;
  /** What the CLI tells of a call that the server refuses. */
  refusal(line: string): Promise<{ code: string; requestId: string; message: string; recommend: string }>;
}

/** A VPC of a user's, with its router and its system route table. */
export function newVpc(
  user: User,
  cidr: string,
  region = "cn-hangzhou",
): Promise<{ readonly VpcId: string; readonly RouteTableId: string; readonly VRouterId: string }> {
  return user.answer(`vpc CreateVpc --region ${region} --CidrBlock ${cidr}`);
}

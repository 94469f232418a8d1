import type { SpawnedServer } from "../support/server.ts";
import type { Finished } from "./run.ts";

/** What the parts of the CLI's suite share. The server is in pace instant, and is reset before each test. */
export interface Suite {
  /** Users with the root keys of the development accounts. */
  readonly requester: User;
  readonly accepter: User;
  /** Whether the CLI calls over TLS. */
  readonly secure: boolean;
  readonly server: () => SpawnedServer;
}

/** One user's shell: their key, a home of its own, and the CLI on the path. */
export interface User {
  /** Runs `aliyun …` as written, which a shell takes apart. */
  aliyun(line: string): Promise<Finished>;
  /** Runs lines of a shell. */
  shell(lines: string): Promise<Finished>;
  /** The answer of a call that succeeds. */
  answer(line: string): Promise<any>;
  /** What the CLI tells of a call that the server refuses. */
  refusal(line: string): Promise<Refused>;
  /** The same shell with these flags on every call. */
  with(flags: string): User;
}
export interface Refused {
  readonly code: string;
  readonly requestId: string;
  readonly message: string;
  readonly recommend: string;
  /** `AccessDeniedDetail`, if there is any. */
  readonly denied: Readonly<Record<string, string>>;
}

/** A VPC of a user's, with its router and its system route table. */
export function newVpc(
  user: User,
  cidr: string,
  region = "cn-hangzhou",
): Promise<{ readonly VpcId: string; readonly RouteTableId: string; readonly VRouterId: string }> {
  return user.answer(`vpc CreateVpc --region ${region} --CidrBlock ${cidr}`);
}

/** A customer gateway of a user's; answers its id. */
export async function newCustomerGateway(user: User, address: string): Promise<string> {
  return (await user.answer(`vpc CreateCustomerGateway --IpAddress ${address} --Name site --Asn 65001`)).CustomerGatewayId;
}

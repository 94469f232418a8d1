/** A product of the cloud. The version alone tells products apart on the shared port. */
export interface Product {
  readonly name: string;
  readonly version: string;
}

export const Vpc: Product = { name: "Vpc", version: "2016-04-28" };
export const VpcPeer: Product = { name: "VpcPeer", version: "2022-01-01" };
export const Ram: Product = { name: "Ram", version: "2015-05-01" };
export const Sts: Product = { name: "Sts", version: "2015-04-01" };

/** Every product whose version this server recognises. */
export const products: readonly Product[] = [Vpc, VpcPeer, Ram, Sts];

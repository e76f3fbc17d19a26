import { createPublicKey, webcrypto } from "node:crypto";
import { WireFormatError } from "../wire/wire-format-error.js";

/** All PEM. */
export interface PairingCertificates {
  readonly certificates: { readonly root: string; readonly host: string; readonly device: string };
  /** PKCS#8. Secret. */
  readonly privateKeys: { readonly root: string; readonly host: string };
}

const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;
const YEARS = 10;

/**
 * Two new key pairs of this computer, and three nameless certificates signed by the first: its own root, this
 * computer's, and one for the phone's key (libimobiledevice common/userpref.c: pair_record_generate_keys_and_certs).
 * @param phoneKeyPem the phone's DevicePublicKey
 * @throws WireFormatError where that is no RSA key
 */
export async function makePairingCertificates(phoneKeyPem: Uint8Array): Promise<PairingCertificates> {
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const deviceKey = await publicKeyOf(phoneKeyPem);
  const [root, host] = await Promise.all([newKeys(), newKeys()]);
  const nowMs = Date.now();
  const certify = async (
    publicKey: webcrypto.CryptoKey,
    extensions: InstanceType<typeof x509.Extension>[],
  ) => {
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: "01",
      // A phone whose clock is a little behind must not take it for one of tomorrow.
      notBefore: new Date(nowMs - DAY_MS),
      notAfter: new Date(nowMs + YEARS * 365 * DAY_MS),
      signingAlgorithm: RSA,
      publicKey,
      signingKey: root.privateKey,
      extensions,
    });
    return `${certificate.toString("pem")}\n`;
  };
  const isAuthority = (is: boolean) => new x509.BasicConstraintsExtension(is, undefined, true);
  const use = x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment;
  const leaf = () => [isAuthority(false), new x509.KeyUsagesExtension(use, true)];
  return {
    certificates: {
      root: await certify(root.publicKey, [isAuthority(true)]),
      host: await certify(host.publicKey, leaf()),
      device: await certify(deviceKey, [
        ...leaf(),
        await x509.SubjectKeyIdentifierExtension.create(deviceKey),
      ]),
    },
    privateKeys: { root: await privatePem(root), host: await privatePem(host) },
  };
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  const publicExponent = new Uint8Array([1, 0, 1]);
  return await webcrypto.subtle.generateKey({ ...RSA, modulusLength: 2048, publicExponent }, true, [
    "sign",
    "verify",
  ]);
}

/** That of a phone has 2048 bits, in some 450 bytes of PEM. */
const LONGEST_PEM_BYTES = 4_096;

async function publicKeyOf(pem: Uint8Array): Promise<webcrypto.CryptoKey> {
  if (pem.byteLength > LONGEST_PEM_BYTES) throw new WireFormatError("the phone's public key is too long");
  try {
    const key = createPublicKey({ key: Buffer.from(pem), format: "pem" });
    const spki = key.export({ type: "spki", format: "der" });
    return await webcrypto.subtle.importKey("spki", spki, RSA, true, ["verify"]);
  } catch {
    throw new WireFormatError("the phone's public key cannot be read");
  }
}

async function privatePem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", privateKey));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`;
}

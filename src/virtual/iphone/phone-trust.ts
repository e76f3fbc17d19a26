import {
  createPrivateKey,
  generateKeyPair,
  randomBytes,
  randomUUID,
  webcrypto,
  X509Certificate,
} from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import { promisify } from "node:util";
import { buildPropertyList, dataAt, type PropertyDictionary, textAt } from "../../usb/wire/property-list.js";

/** A computer that the phone trusts, as it remembers it from Pair. */
export interface TrustedHost {
  readonly hostId: string;
  /** Certificates by which the host may show who it is: its own, or its root. DER. */
  readonly hostCertificates: readonly Buffer[];
  readonly secureContext: SecureContext;
}

export interface PhoneKeys {
  /** PKCS#1 PEM, as `DevicePublicKey` is given out. */
  readonly publicKeyPem: string;
  readonly privateKeyPem: string;
}

/** What the host keeps after pairing; holds private keys, so it stays in memory and out of every message. */
interface MadePairRecord {
  readonly host: TrustedHost;
  /** An XML property list, as usbmuxd hands it out. */
  readonly record: Buffer;
}

/** Keys cost a tenth of a second each, so every phone of this process has the same ones. */
let material: Promise<TrustMaterial> | null = null;

/** What another device would show in place of a phone: a key and a certificate of its own. */
export async function otherDevice(): Promise<SecureContext> {
  const { phone, deviceCertificate } = await makeMaterial();
  return createSecureContext({ key: phone.privateKeyPem, cert: deviceCertificate });
}

export async function phoneKeys(): Promise<PhoneKeys> {
  material ??= makeMaterial();
  return (await material).phone;
}

/** A pairing as if Finder had made it earlier. */
export async function makePairRecord(parts: {
  systemBuid: string;
  wifiAddress: string;
  iosVersion: string;
}): Promise<MadePairRecord> {
  material ??= makeMaterial();
  const { phone, root, host, deviceCertificate } = await material;
  const pairRecord: PropertyDictionary = {
    DeviceCertificate: Buffer.from(deviceCertificate),
    HostCertificate: Buffer.from(host.certificate),
    RootCertificate: Buffer.from(root.certificate),
    HostID: randomUUID().toUpperCase(),
    SystemBUID: parts.systemBuid,
  };
  const record = buildPropertyList({
    ...pairRecord,
    HostPrivateKey: Buffer.from(host.privateKeyPem),
    RootPrivateKey: Buffer.from(root.privateKeyPem),
    EscrowBag: randomBytes(32),
    WiFiMACAddress: parts.wifiAddress,
  });
  return { host: trustedHost(pairRecord, phone, parts.iosVersion)!, record };
}

/**
 * The host that sent this `PairRecord` in a Pair request. Null where a part is missing or is no certificate, the
 * device certificate is not for this phone's key, or the three are no chain that is valid now: a root that signed
 * itself and the two others, and alone may sign (libimobiledevice common/userpref.c builds them so).
 */
export function trustedHost(
  pairRecord: PropertyDictionary,
  phone: PhoneKeys,
  iosVersion: string,
): TrustedHost | null {
  const hostId = textAt(pairRecord, "HostID");
  const [device, host, root] = ["DeviceCertificate", "HostCertificate", "RootCertificate"].map((key) =>
    dataAt(pairRecord, key),
  );
  const systemBuid = textAt(pairRecord, "SystemBUID") ?? "";
  if (hostId === null || !UUID.test(hostId) || systemBuid === "" || !device || !host || !root) return null;
  if (Object.keys(pairRecord).some((key) => /Private/i.test(key))) return null;
  try {
    const deviceCertificate = new X509Certificate(device);
    if (!deviceCertificate.checkPrivateKey(createPrivateKey(phone.privateKeyPem))) return null;
    if (!isChain(new X509Certificate(root), [deviceCertificate, new X509Certificate(host)])) return null;
    const speaksOldTls = Number.parseInt(iosVersion, 10) < 10;
    const secureContext = createSecureContext({
      key: phone.privateKeyPem,
      cert: Buffer.from(device),
      minVersion: speaksOldTls ? "TLSv1" : "TLSv1.2",
      ...(speaksOldTls ? { maxVersion: "TLSv1" as const } : {}),
      // Records of libimobiledevice up to 1.3.0 are signed with SHA-1.
      ciphers: "DEFAULT:@SECLEVEL=0",
    });
    const hostCertificates = [host, root].map((certificate) => new X509Certificate(certificate).raw);
    return { hostId, hostCertificates, secureContext };
  } catch {
    return null;
  }
}

const UUID = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;

function isChain(root: X509Certificate, leaves: readonly X509Certificate[]): boolean {
  const now = Date.now();
  const isNow = ({ validFrom, validTo }: X509Certificate) =>
    Date.parse(validFrom) <= now && now <= Date.parse(validTo);
  return (
    root.ca &&
    leaves.every((leaf) => !leaf.ca) &&
    [root, ...leaves].every((one) => isNow(one) && one.verify(root.publicKey))
  );
}

interface TrustMaterial {
  readonly phone: PhoneKeys;
  readonly deviceCertificate: string;
  readonly root: Identity;
  readonly host: Identity;
}

interface Identity {
  readonly certificate: string;
  readonly privateKeyPem: string;
}

/** Root, host and device certificate, as libimobiledevice's common/userpref.c builds them. */
async function makeMaterial(): Promise<TrustMaterial> {
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  // The computer's root and host share a key here: one fewer to wait for, and nobody compares them.
  const [hostPair, phonePair] = await Promise.all([rsaKeys(), rsaKeys()]);
  const rootPair = hostPair;
  const { subtle } = webcrypto;
  const publicKey = (pair: RsaKeys) => subtle.importKey("spki", pair.spki, algorithm, true, ["verify"]);
  const rootSigningKey = await subtle.importKey("pkcs8", rootPair.pkcs8, algorithm, true, ["sign"]);
  const yearMs = 365 * 86_400_000;
  const certify = async (pair: RsaKeys, extensions: InstanceType<typeof x509.Extension>[]) => {
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: "01",
      notBefore: new Date(Date.now() - 86_400_000),
      notAfter: new Date(Date.now() + 10 * yearMs),
      signingAlgorithm: algorithm,
      publicKey: await publicKey(pair),
      signingKey: rootSigningKey,
      extensions,
    });
    return `${certificate.toString("pem")}\n`;
  };
  const use = x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment;
  const forUse = () => [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(use, true),
  ];
  const subjectKey = await x509.SubjectKeyIdentifierExtension.create(await publicKey(phonePair));
  const [root, host, device] = await Promise.all([
    certify(rootPair, [new x509.BasicConstraintsExtension(true, undefined, true)]),
    certify(hostPair, forUse()),
    certify(phonePair, [...forUse(), subjectKey]),
  ]);
  return {
    phone: { publicKeyPem: phonePair.publicPem, privateKeyPem: phonePair.privatePem },
    deviceCertificate: device,
    root: { certificate: root, privateKeyPem: rootPair.privatePem },
    host: { certificate: host, privateKeyPem: hostPair.privatePem },
  };
}

interface RsaKeys {
  readonly spki: Buffer;
  readonly pkcs8: Buffer;
  readonly publicPem: string;
  readonly privatePem: string;
}

async function rsaKeys(): Promise<RsaKeys> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  return {
    spki: publicKey.export({ type: "spki", format: "der" }),
    pkcs8: privateKey.export({ type: "pkcs8", format: "der" }),
    publicPem: publicKey.export({ type: "pkcs1", format: "pem" }).toString(),
    privatePem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

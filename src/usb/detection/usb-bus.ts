/** An Apple phone as its USB descriptors show it. Nothing was opened to learn this. */
export interface PhoneOnBus {
  /** The UDID without its dash (24 or 40 hex digits); null where the system does not hold the string. */
  readonly serialNumber: string | null;
  readonly productId: number;
  /** Negotiated link speed in bits a second; null where unknown. */
  readonly bitsPerSecond: number | null;
}

/** The USB bus as far as Rollcall looks at it. */
export interface UsbBus {
  /** Apple phones on the bus now. Null where there is no USB bus to ask (a container, a missing binary). */
  phones(): Promise<PhoneOnBus[] | null>;
  /**
   * Listens until the signal aborts, then resolves; at once where there is no bus. Never rejects.
   * @param onChange called each time that an Apple phone comes or goes, and not for those that are there
   */
  watch?(onChange: () => void, signal: AbortSignal): Promise<void>;
}

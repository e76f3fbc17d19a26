/** One media item as Photos describes it by script. */
export interface PhotosItem {
  /** `UUID/L0/001` */
  readonly id: string;
  /** The name it was imported under, not the name on disk. */
  readonly filename: string;
  /** Bytes of the original; null where Photos gives none. What it counts for a Live Photo is not documented. */
  readonly sizeBytes: number | null;
}

/** An album by its id (`UUID/L0/040`). Names are not unique in Photos. */
export interface PhotosAlbum {
  readonly id: string;
  readonly name: string;
  /** How many items it lists. */
  readonly length: number;
}

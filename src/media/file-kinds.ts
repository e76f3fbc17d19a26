/** What a file is by its extension. Nothing is opened. */
export type FileKind = "photo" | "raw" | "video" | "adjustments" | "unknown";

/** The one table of names: the catalogue goes by it, and what may be sent to Photos. */
const EXTENSIONS: Record<Exclude<FileKind, "unknown">, string> = {
  photo:
    "heic heics heif heifs hif avci avcs jpg jpeg jpe jfif jfi jif mpo insp jp2 j2k png gif webp tif tiff avif bmp jxl psd",
  raw: "dng cr2 cr3 crw nef nrw arw srf sr2 raf orf ori rw2 rwl pef srw 3fr fff iiq erf mef mos mrw dcr kdc x3f gpr raw",
  video:
    "mov mp4 m4v 3gp 3gpp 3g2 avi qt mpg mpeg mpe m1v m2v mpv m2p vob mod tod mts m2ts m2t ts dv mkv webm insv",
  adjustments: "aae",
};

const KIND_OF = new Map<string, FileKind>(
  Object.entries(EXTENSIONS).flatMap(([kind, extensions]) =>
    extensions.split(" ").map((extension) => [extension, kind as FileKind] as const),
  ),
);

/** @param extension lower case, without its dot. What is not known stays `unknown`; it is never dropped. */
export function fileKind(extension: string): FileKind {
  return KIND_OF.get(extension) ?? "unknown";
}
